import { join, relative } from "node:path";

import { Failure } from "../../kernel/failure.ts";
import type { JsonObject } from "../../kernel/json.ts";
import { copyExample } from "../../lifecycle/project/copy-example.ts";
import { listDefinitions } from "../../lifecycle/definitions/list-definitions.ts";
import { requireValid } from "../../lifecycle/definitions/pick-definition.ts";
import type { EnvironmentChoice, Services, Work } from "../../lifecycle/services.ts";
import type { ModelDefinition } from "../../model/definition/model-definition.ts";
import { serveModels } from "../serve-models.ts";
import { askServer } from "./ask-server.ts";
import { makeVersion, type DemoModel } from "./make-version.ts";
import { stepTimer, type Say } from "./step-timer.ts";

export interface DemoRequest {
  /** Absolute folder of the project that is made, or used again. */
  readonly folder: string;
  readonly cwd: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly choice: EnvironmentChoice;
  readonly services: (folder: string) => Promise<Services>;
  readonly say: Say;
  /** Null: stop at once. */
  readonly untilStopped: (() => Promise<void>) | null;
}

const EXAMPLE = "penguins";

/**
 * The whole journey: project, training, evaluation, publication, proof, server, predictions. Leaves the project and its
 * versions, and nothing running.
 * @throws Failure of any step but a missing Python, which is said and left out.
 */
export async function runDemo(request: DemoRequest, work: Work): Promise<JsonObject> {
  const { say, folder } = request;
  const step = stepTimer(say);
  const shown = shownPath(request);
  const isNew = await copyExample({ from: EXAMPLE, to: folder, services: await request.services(request.cwd) });
  const services = await request.services(folder);
  say(`Modelwright takes models from their folders to a proven prediction service.\n`);
  const { definitions } = await listDefinitions(services, null);
  const models = definitions.map(({ read }) => requireValid(read));
  step(
    `${isNew ? "Made" : "Used"} the project ${shown} with ${models.map(({ name }) => name).join(" and ")}`,
    `cd ${shown} && modelwright list`,
  );
  const made = await makeVersions(services, { models, request }, work);
  return {
    project: folder,
    models: made.map(({ json }) => json),
    ...(await serveAndAsk(services, { made, request }, work)),
  };
}

async function makeVersions(
  services: Services,
  { models, request }: { readonly models: readonly ModelDefinition[]; readonly request: DemoRequest },
  work: Work,
): Promise<readonly DemoModel[]> {
  const made: DemoModel[] = [];
  for (const definition of models) {
    request.say(`\n${definition.name} (${definition.language})`);
    try {
      made.push(
        await makeVersion(
          services,
          { definition, choice: request.choice, cwd: request.folder, say: request.say },
          work,
        ),
      );
    } catch (error) {
      if (!isPythonMissing(error, definition)) throw error;
      request.say(`  – left out: ${error.message}\n    ${error.hint ?? ""}`);
    }
  }
  return made;
}

/** Without a usable Python the journey goes on with the other model. */
function isPythonMissing(error: unknown, definition: ModelDefinition): error is Failure {
  return error instanceof Failure && error.kind === "environment" && definition.language === "python";
}

async function serveAndAsk(
  services: Services,
  { made, request }: { readonly made: readonly DemoModel[]; readonly request: DemoRequest },
  work: Work,
): Promise<JsonObject> {
  const { say } = request;
  say("\nOne server for all of them");
  const step = stepTimer(say);
  const sources = made.map(({ reference }) => ({
    text: reference,
    cwd: request.folder,
    choice: request.choice,
  }));
  const server = await serveModels(
    services,
    {
      sources,
      host: services.settings.server.host,
      port: request.port,
      serving: { ...services.settings.server, loggedShare: 0, followIntervalMs: null },
    },
    work,
  );
  try {
    const models = await server.ready;
    const proofs = models.map(({ name, proof }) => `${name} (${proof})`).join(", ");
    step(
      `Proved and serving on ${server.url}: ${proofs}`,
      `modelwright serve ${made.map(({ reference }) => reference).join(" ")}`,
    );
    const answers = await askServer(server.url, made, say);
    await stay(request, server.url);
    return { url: server.url, answers };
  } finally {
    await server.stop();
    say(`\nStopped. The project and its versions are in ${shownPath(request)}; delete the folder to start over.`);
  }
}

async function stay(request: DemoRequest, url: string): Promise<void> {
  const { say, untilStopped } = request;
  if (untilStopped === null) return;
  const rows = join(shownPath(request), "data", "penguins-test.csv");
  say(
    `\nStill serving on ${url}. In another terminal:\n    modelwright predict penguin-species-ts ${rows} --url ${url}\nEnter or Ctrl-C stops.`,
  );
  await untilStopped();
}

/** Relative below the working directory, absolute elsewhere. */
function shownPath({ cwd, folder }: DemoRequest): string {
  const path = relative(cwd, folder);
  return path === "" ? "." : path.startsWith("..") ? folder : path;
}
