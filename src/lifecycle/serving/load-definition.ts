import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";

import { Failure } from "../../kernel/failure.ts";
import type { JsonValue } from "../../kernel/json.ts";
import type { ModelDefinition } from "../../model/definition/model-definition.ts";
import { codeOf } from "../../model/ports/runtime.ts";
import type { RunRecord } from "../../model/run/run-record.ts";
import type { ExampleRows } from "../../model/version/manifest.ts";
import { runIdentifiers } from "../training/run-subject.ts";
import { untilInterrupted } from "../running/until-interrupted.ts";
import { runtimeOf } from "../running/prepare-environment.ts";
import type { EnvironmentChoice, Services, Work } from "../services.ts";
import { withOptions, type Loadable, type PlacedArtifact, type WorkerOptions } from "./loadable.ts";
import { recordAnswers } from "./record-answers.ts";
import { faceOf, startModel, type StartedModel } from "./start-model.ts";

/**
 * The training run of a definition that is meant: the one with this id, else the newest that succeeded.
 * @throws Failure `LANGUAGE_UNSUPPORTED`, `RUN_NOT_FOUND`, `RUN_UNFIT`.
 */
export async function requireTrainingRun(
  services: Services,
  definition: ModelDefinition,
  id: string | null,
): Promise<RunRecord> {
  // A model that cannot be run here has no training run because of that.
  runtimeOf(services, definition.language);
  if (id === null) {
    const newest = await services.runs.latestSucceeded({
      definitionId: definition.id,
      definitionFolder: definition.folder,
      kind: "train",
    });
    if (newest !== null) return newest;
    throw new Failure("RUN_NOT_FOUND", {
      message: `${definition.name} has no successful training run yet.`,
      hint: `Train it first: modelwright train ${definition.storeName}.`,
    });
  }
  const run = await services.runs.read(id);
  if (run.kind === "train" && run.status === "succeeded") return run;
  throw new Failure("RUN_UNFIT", {
    message:
      run.kind === "train"
        ? `The run ${run.id} ${run.status === "running" ? "is still running" : `is ${run.status}`}.`
        : `The run ${run.id} is no training run.`,
    hint: "Choose a training run that succeeded.",
  });
}

/** Rows that stand beside a definition in the form in which they are served. */
export function exampleRows({ samples, signature }: ModelDefinition): ExampleRows {
  const rows = samples.flatMap((sample) => sample.rows as readonly JsonValue[]);
  const names = samples[0]?.names;
  // Names count for all rows, so they must be those of all files.
  const areShared = names !== undefined && samples.every((sample) => isDeepStrictEqual(sample.names, names));
  return { rows: [...rows, ...(signature?.examples ?? [])], ...(areShared ? { names } : {}) };
}

/** A definition with the artifacts of one of its runs, ready to be started. */
export function loadableOfRun(services: Services, definition: ModelDefinition, run: RunRecord): Loadable {
  return {
    name: definition.storeName,
    reference: definition.storeName,
    version: run.id,
    digest: null,
    serving: {
      language: definition.language,
      layout: definition.layout,
      predictForm: definition.predictForm,
      inputForm: definition.inputForm,
      batchable: true,
      config: definition.config,
      variables: definition.variables,
      ...(definition.servingMemoryLimitBytes === null ? {} : { memoryLimitBytes: definition.servingMemoryLimitBytes }),
      identifiers: runIdentifiers({ model: definition.storeName, definitionId: definition.id }, run.id),
    },
    signature: definition.signature,
    code: codeOf(definition),
    artifacts: placedArtifacts(run, services.runs.foldersOf(run.id).work),
    requirements: definition.requirements.predict,
    lock: null,
    givenDigest: null,
    metrics: { ...run.metrics, ...run.platformMetrics },
    tolerance: definition.tolerance,
    probe: exampleRows(definition),
    datasetInfo: run.dataConfiguration,
    memoryLimitBytes: definition.servingMemoryLimitBytes,
  };
}

/** The artifacts of a run where a model looks for them; a name that both folders have with other bytes goes to its own. */
export function placedArtifacts(run: RunRecord, workFolder: string): readonly PlacedArtifact[] {
  return run.artifacts.flatMap((artifact) => {
    const { folder, name, sha256 } = artifact;
    const placed = { source: join(workFolder, folder, name), name, sha256 };
    const twin = run.artifacts.find((other) => other.name === name && other.folder !== folder);
    if (twin === undefined) return [placed];
    if (twin.sha256 === sha256) return folder === "models" ? [placed] : [];
    return [{ ...placed, only: folder === "models" ? ("models" as const) : ("artifacts/input" as const) }];
  });
}

/** A definition, and how it is run. */
export interface DefinitionRun {
  readonly definition: ModelDefinition;
  readonly choice: EnvironmentChoice;
  readonly options: WorkerOptions;
}

/** A definition that is served before anything is published: what it answers is not proven. */
export async function loadDefinition(
  services: Services,
  { definition, choice, options }: DefinitionRun,
  work: Work,
): Promise<{ readonly started: StartedModel; readonly batchable: boolean }> {
  const run = await requireTrainingRun(services, definition, null);
  const loadable = withOptions(loadableOfRun(services, definition, run), options);
  const started = await startModel(services, { loadable, choice }, work);
  try {
    const face = faceOf(services, started, { batchable: false, proof: "none" });
    const { batchable } = await untilInterrupted({ signal: work.signal, stop: started.stop }, () =>
      recordAnswers(face, loadable.probe, loadable.tolerance),
    );
    return { started, batchable };
  } catch (error) {
    await started.stop();
    throw error;
  }
}
