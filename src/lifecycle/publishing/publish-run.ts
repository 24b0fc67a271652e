import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { JsonObject } from "../../kernel/json.ts";
import type { ModelDefinition } from "../../model/definition/model-definition.ts";
import type { RunRecord } from "../../model/run/run-record.ts";
import type { ExampleRows } from "../../model/version/manifest.ts";
import { parseName } from "../../model/version/model-reference.ts";
import { pickleOpener } from "../data/pickle-opener.ts";
import { readLabelledRows } from "../evaluation/labelled-rows.ts";
import type { EnvironmentChoice, Services, Work } from "../services.ts";
import { exampleRows, loadableOfRun } from "../serving/load-definition.ts";
import { digestDefinition } from "../training/record-run.ts";
import { authorEmail } from "./author-email.ts";
import { publishCandidate, type PublicationRequest, type PublishOutcome } from "./publish-candidate.ts";
import type { KeptFile } from "./plan-version-files.ts";

export interface PublishRunRequest extends PublicationRequest {
  readonly definition: ModelDefinition;
  /** A training run that succeeded. */
  readonly run: RunRecord;
  /** Name in the store; null: the definition's. */
  readonly name: string | null;
  /** Rows as a client sends them; null: those beside the definition. */
  readonly examples: ExampleRows | null;
  readonly choice: EnvironmentChoice;
}

/** Files of a definition that a version keeps for reading. */
const KEPT_FILES = ["model.json", "signature.json", "README.md"];

/**
 * Publishes the artifacts of a run with the code of the checkout as it stands (docs/decisions/0001-code-of-a-version.md).
 * @throws Failure of labelled rows, environment, model, or store; nothing is published then.
 */
export async function publishRun(services: Services, request: PublishRunRequest, work: Work): Promise<PublishOutcome> {
  const { definition, run, choice, label, alias } = request;
  const { evaluation, signature } = definition;
  const openPickled = pickleOpener(services, choice.python, work);
  const folders = [definition.folder, definition.projectRoot];
  const name = request.name === null ? definition.storeName : parseName(request.name, "model");
  const outcome = await publishCandidate(
    services,
    {
      ...{ label, alias, choice },
      candidate: {
        loadable: { ...loadableOfRun(services, definition, run), name, reference: name },
        definition: { id: definition.id, name: definition.name, description: definition.description },
        framework: definition.framework,
        run,
        kept: await keptFiles(definition.folder),
        mainArtifact: definition.mainArtifact,
        evaluation,
        labelled:
          evaluation === null || signature === null
            ? []
            : await readLabelledRows({ evaluation, signature, folders }, openPickled),
        examples: request.examples ?? exampleRows(definition),
        modelMetrics: await newestMetrics(services, run),
        authorEmail: await authorEmail(services, definition.folder, request.authorEmail),
      },
    },
    work,
  );
  const isChanged = (await digestDefinition(definition)) !== run.definition.digest;
  const note = `The definition has changed since run ${run.id}; the version holds it as it is now.`;
  return isChanged ? { ...outcome, notes: [...outcome.notes, note] } : outcome;
}

/** Metrics that the model wrote: those of the newest evaluation of the run, else those of the training itself. */
async function newestMetrics(services: Services, run: RunRecord): Promise<JsonObject> {
  const evaluations = await services.runs.list({
    definitionId: run.definition.id,
    kind: "evaluate",
    status: "succeeded",
  });
  const own = evaluations.find(({ source }) => source?.run === run.id);
  return own?.metrics ?? run.metrics;
}

async function keptFiles(folder: string): Promise<readonly KeptFile[]> {
  const texts = await Promise.all(
    KEPT_FILES.map(async (path) => ({ path, text: await readFile(join(folder, path), "utf8").catch(() => null) })),
  );
  return texts.flatMap(({ path, text }) => (text === null ? [] : [{ path, text }]));
}
