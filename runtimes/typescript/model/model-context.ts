import { join } from "node:path";

import { isJsonObject, type JsonObject } from "../../../src/kernel/json.ts";
import type { JobSpec, WorkerSpec } from "../../../src/model/ports/job.ts";
import type { DatasetInfo, ModelContext } from "../model-types.ts";

/** Makes the context object of a job or worker. */
export function modelContext(spec: JobSpec | WorkerSpec, progress: ModelContext["progress"]): ModelContext {
  const hyperparams = spec.modelConf["hyperParameters"];
  return {
    hyperparams: isJsonObject(hyperparams) ? hyperparams : {},
    modelsPath: join(spec.workFolder, "models"),
    artifactInputPath: join(spec.workFolder, "artifacts", "input"),
    artifactOutputPath: join(spec.workFolder, "artifacts", "output"),
    jobId: spec.context.jobId,
    modelId: spec.identifiers.modelId,
    modelVersion: spec.identifiers.modelVersion,
    modelTable: spec.identifiers.modelTable,
    projectId: spec.context.projectId,
    datasetInfo: datasetInfo(spec.context.datasetInfo),
    seed: "seed" in spec ? spec.seed : null,
    progress,
  };
}

/** `feature_names` → `featureNames`; values stay as they are, because their keys are data. */
function datasetInfo(fields: JsonObject): DatasetInfo {
  const camelCase = (key: string): string => key.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [camelCase(key), value]));
}
