import type { JsonObject } from "../../kernel/json.ts";
import type { ExampleRows, RecordedMetric } from "../../model/version/manifest.ts";
import { mediaTypeOf } from "../publishing/media-type.ts";
import { publishCandidate, type PublishOutcome } from "../publishing/publish-candidate.ts";
import { makeWorkFolder } from "../running/temporary-folders.ts";
import type { EnvironmentChoice, Services, Work } from "../services.ts";
import { configLoadable } from "./config-loadable.ts";
import { planModelConfig, type ModelConfigFiles } from "./plan-model-config.ts";

export interface ModelConfigPublication {
  readonly parts: ModelConfigFiles;
  /** Null: the time. */
  readonly label: string | null;
  readonly authorEmail: string | null;
  /** Metrics on the test set, as the trainer measured them: publishing and every load repeat them. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Rows as clients send them, before the column transformer. */
  readonly examples: ExampleRows;
  readonly choice: EnvironmentChoice;
}

/** How far a metric may lie off in the same place. */
const METRIC_TOLERANCE = 1e-9;
const LOWER_IS_BETTER = ["rmse", "mae", "log_loss", "error"];

/**
 * Publishes a model configuration: its scorer opens the files in a worker, repeats the metrics and answers the examples.
 * @throws Failure of the files, the environment, the model, or the store; nothing is published then.
 */
export async function publishModelConfig(
  services: Services,
  { parts, label, authorEmail, metrics, examples, choice }: ModelConfigPublication,
  work: Work,
): Promise<PublishOutcome> {
  const hasMetrics = parts.testSet !== null && Object.keys(metrics).length > 0;
  const plan = planModelConfig(parts, hasMetrics ? metrics : null);
  const folder = await makeWorkFolder(services);
  try {
    const served = plan.files.filter(({ isServed }) => isServed);
    const loadable = await configLoadable(services, folder.path, {
      name: parts.modelName,
      version: "unpublished",
      config: plan.scorerConfig,
      artifacts: served.map(({ name, source, role }) => ({ name, source, role })),
      examples,
    });
    const kept = plan.files.filter(({ isServed }) => !isServed);
    return await publishCandidate(
      services,
      {
        ...{ loadable, definition: null, framework: parts.modelClass, run: null, kept: [] },
        ...{ mainArtifact: plan.metadata.model_filename, evaluation: null, labelled: [], examples, authorEmail },
        modelMetrics: metrics satisfies JsonObject,
        configuration: {
          metadata: plan.metadata,
          repeated: hasMetrics ? recordedMetrics(metrics, plan.metadata.test_set_filenames[0] ?? "") : [],
          files: kept.map(({ name, role, source }) => ({
            ...{ path: name, role, target: null, mediaType: mediaTypeOf(name) },
            body: { file: source },
          })),
        },
      },
      { label, choice },
      work,
    );
  } finally {
    await folder.remove();
  }
}

function recordedMetrics(metrics: Readonly<Record<string, number>>, dataSet: string): readonly RecordedMetric[] {
  return Object.entries(metrics).map(([name, value]) => ({
    ...{ name, value, dataSet, tolerance: METRIC_TOLERANCE },
    direction: LOWER_IS_BETTER.includes(name) ? "lower" : "higher",
  }));
}
