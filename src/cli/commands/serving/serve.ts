import { serverLog } from "../../../app/server-log.ts";
import { serveModels, type RunningServer } from "../../../app/serve-models.ts";
import type { ServedModel } from "../../../model/ports/predictor.ts";
import type { CommandContext, RunCommand } from "../../command.ts";
import { environmentChoice } from "../../options/environment-choice.ts";
import { serverOptions } from "../../options/server-options.ts";

/** `serve`: until Ctrl-C or a termination signal; then every request that was begun is answered first. */
export const run: RunCommand = async (context, input) => {
  const composed = await context.services();
  const server = serverOptions(input, composed.settings.server, context.facts);
  const { log, close, lostLines } = serverLog("info", { file: server.log, beforeWrite: context.clearProgress });
  try {
    const services = { ...composed, log };
    const choice = environmentChoice(input, context.facts);
    const running = await serveModels(
      services,
      {
        sources: input.arguments.map((text) => ({ text, cwd: context.facts.cwd, choice })),
        ...{ host: server.host, port: server.port, serving: server, namedModels: server.namedModels },
        metrics: () => [
          {
            ...{ name: "modelwright_log_lines_dropped_total", type: "counter" },
            help: "Lines of the log that could not be written.",
            samples: [{ labels: {}, value: lostLines() }],
          },
        ],
      },
      { signal: context.signal, onProgress: context.onProgress },
    );
    return await serveUntilStopped(context, running);
  } finally {
    await close();
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
