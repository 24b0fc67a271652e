import { join } from "node:path";

import type { ModelDefinition } from "../../model/definition/model-definition.ts";
import type { ModelReference } from "../../model/version/model-reference.ts";
import { chooseDataConfiguration, readDataFile } from "../definitions/choose-data-configuration.ts";
import { readLabelledRows, readTestSet } from "../evaluation/labelled-rows.ts";
import type { Services, Work } from "../services.ts";
import { loadableOfRun, requireTrainingRun } from "../serving/load-definition.ts";
import { fetchVersion } from "../serving/load-version.ts";
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
  return {
    subject: subjectOf(definition, "evaluate", await digestDefinition(definition)),
    loadable: loadableOfRun(services, definition, run),
    source: { run: run.id, version: null },
    data,
    labelled:
      evaluation === null
        ? null
        : {
            read: (openPickled) => {
              const folders = [definition.folder, definition.projectRoot];
              return readLabelledRows({ evaluation, signature, folders }, openPickled);
            },
            positive: evaluation.positive,
          },
  };
}

/**
 * A published version, evaluated by its own code; `use` ends before its files go.
 * Metrics are computed on the test set that it stores.
 */
export async function withVersionTarget<T>(
  services: Services,
  reference: ModelReference,
  choice: { readonly data: string | null; readonly cwd: string },
  work: Work,
  use: (target: EvaluationTarget) => Promise<T>,
): Promise<T> {
  const fetched = await fetchVersion(services, reference, work);
  try {
    const { manifest, loadable, folder } = fetched;
    const { serving, definition, proof } = manifest;
    const [metric] = proof.metrics;
    const id = definition?.id ?? manifest.model;
    return await use({
      subject: {
        model: manifest.model,
        definition: {
          id,
          name: definition?.name ?? manifest.model,
          language: serving.language,
          folder: loadable.reference,
          digest: fetched.digest,
        },
        language: serving.language,
        config: serving.config,
        variables: serving.variables,
        projectRoot: services.settings.projectRoot,
        code: loadable.code,
        requirements: loadable.requirements,
        lock: loadable.lock,
      },
      loadable,
      source: { run: manifest.run?.id ?? null, version: `${manifest.model}@${manifest.version}` },
      data: await readDataFile(choice.data, services.settings.projectRoot, choice.cwd),
      labelled:
        metric === undefined
          ? null
          : { read: () => readTestSet(join(folder, metric.dataSet)), positive: proof.evaluation?.positive },
    });
  } finally {
    await fetched.remove();
  }
}
