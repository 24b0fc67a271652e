import { statSync } from "node:fs";
import { join } from "node:path";

import type { ModelDefinition } from "../../model/definition/model-definition.ts";
import type { ModelReference } from "../../model/version/model-reference.ts";
import { chooseDataConfiguration, readDataFile } from "../definitions/choose-data-configuration.ts";
import { labelledPath, readLabelledRows, readTestSet } from "../evaluation/labelled-rows.ts";
import type { Services, Work } from "../services.ts";
import { loadableOfRun, requireTrainingRun } from "../serving/load-definition.ts";
import { fetchVersion, type FetchedVersion } from "../serving/load-version.ts";
import type { EvaluationTarget } from "./evaluate-model-run.ts";
import { digestDefinition } from "./record-run.ts";
import { subjectOf } from "./run-subject.ts";

/**
 * A definition with the artifacts of one of its training runs (null: the newest that succeeded).
 * @throws Failure `RUN_NOT_FOUND`, `RUN_UNFIT`, those of the data configuration.
 */
export async function targetOfDefinition(
  services: Services,
  definition: ModelDefinition,
  choice: { readonly runId: string | null; readonly data: string | null; readonly cwd: string },
): Promise<EvaluationTarget> {
  const run = await requireTrainingRun(services, definition, choice.runId);
  const data = await chooseDataConfiguration(definition, { data: choice.data, kind: "evaluate", cwd: choice.cwd });
  const { evaluation, signature } = definition;
  const folders = [definition.folder, definition.projectRoot];
  const testData = evaluation === null ? null : labelledPath({ evaluation, folders });
  return {
    subject: subjectOf(definition, "evaluate", await digestDefinition(definition)),
    loadable: loadableOfRun(services, definition, run),
    source: { run: run.id, version: null },
    // Metrics are of this file, whatever the data configuration names.
    data: isFile(testData) ? { ...data, files: [...data.files, { key: "evaluation", path: testData }] } : data,
    labelled:
      evaluation === null
        ? null
        : {
            read: (openPickled) => readLabelledRows({ evaluation, signature, folders }, openPickled),
            positive: evaluation.positive,
          },
  };
}

function isFile(path: string | null): path is string {
  return path !== null && statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

export interface VersionTargetRequest<T> {
  readonly reference: ModelReference;
  /** A data configuration of the user's; null: none. */
  readonly data: string | null;
  readonly cwd: string;
  /** Ends before the files of the version go. */
  readonly use: (target: EvaluationTarget) => Promise<T>;
}

/**
 * A published version, evaluated by its own code. Metrics are computed on the test set that it stores.
 * @throws Failure of fetching, those of the data configuration, and whatever `use` throws.
 */
export async function withVersionTarget<T>(
  services: Services,
  { reference, data, cwd, use }: VersionTargetRequest<T>,
  work: Work,
): Promise<T> {
  const fetched = await fetchVersion(services, { reference }, work);
  try {
    const { projectRoot } = services.settings;
    const dataConfiguration = await readDataFile(data, projectRoot, cwd);
    return await use({ ...targetOfVersion(fetched, projectRoot), data: dataConfiguration });
  } finally {
    await fetched.remove();
  }
}

function targetOfVersion(
  { manifest, loadable, folder, digest }: FetchedVersion,
  projectRoot: string,
): Omit<EvaluationTarget, "data"> {
  const { serving, proof, run, model } = manifest;
  const { config, variables, language } = serving;
  const { code, requirements, lock } = loadable;
  const { id = model, name = model } = manifest.definition ?? {};
  const [metric] = proof.metrics;
  return {
    subject: {
      ...{ model, language, config, variables, projectRoot, code, requirements, lock },
      definition: { id, name, language, folder: loadable.reference, digest },
    },
    loadable,
    source: { run: run?.id ?? null, version: `${model}@${manifest.version}` },
    labelled:
      metric === undefined
        ? null
        : { read: () => readTestSet(join(folder, metric.dataSet)), positive: proof.evaluation?.positive },
  };
}
