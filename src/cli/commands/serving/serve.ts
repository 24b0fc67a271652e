import { serverLog } from "../../../app/server-log.ts";
import { serveModels, type RunningServer } from "../../../app/serve-models.ts";
import type { ServedModel } from "../../../model/ports/predictor.ts";
import { textOption, type CommandContext, type RunCommand } from "../../command.ts";
import { environmentChoice, numberOption, portOption } from "../../options/environment-choice.ts";

/** `serve`: until Ctrl-C or a termination signal; then every request that was begun is answered first. */
export const run: RunCommand = async (context, input) => {
  const { log, close } = serverLog("info");
  try {
    const services = { ...(await context.services()), log };
    const choice = environmentChoice(input, context.facts);
    const loggedShare = numberOption(input, "logPredictions", { min: 0, max: 1, whole: false }) ?? 1;
    const server = await serveModels(
      services,
      {
        sources: input.arguments.map((text) => ({ text, cwd: context.facts.cwd, loggedShare, choice })),
        host: textOption(input, "host") ?? services.settings.server.host,
        port: portOption(input) ?? services.settings.server.port,
      },
      { signal: context.signal, onProgress: context.onProgress },
    );
    return await serveUntilStopped(context, server);
  } finally {
    close();
  }
};

async function serveUntilStopped(context: CommandContext, server: RunningServer) {
  try {
    const models = await server.ready;
    announce(context, server.url, models);
    await stopped(context.signal);
  } finally {
    await server.stop();
  }
  return { json: null, text: "Stopped; every request that had begun was answered." };
}

function announce(context: CommandContext, url: string, models: readonly ServedModel[]): void {
  if (context.isJson) {
    context.print(
      JSON.stringify({
        url,
        models: models.map(({ name, version, proof, engine }) => ({ name, version, proof, engine })),
      }),
    );
    return;
  }
  context.print(`Serving on ${url}`);
  for (const { name, version, proof } of models) {
    context.print(`  POST ${url}/v1/${name}/predict   ${version} (proof: ${proof})`);
  }
  context.print("Stop with Ctrl-C.");
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
