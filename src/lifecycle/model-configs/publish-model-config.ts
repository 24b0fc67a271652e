import type { JsonObject } from "../../kernel/json.ts";
import type { ExampleRows, RecordedMetric } from "../../model/version/manifest.ts";
import type { Candidate } from "../publishing/examine-candidate.ts";
import { mediaTypeOf } from "../publishing/media-type.ts";
import { publishCandidate, type PublishOutcome } from "../publishing/publish-candidate.ts";
import { makeWorkFolder } from "../running/temporary-folders.ts";
import type { EnvironmentChoice, Services, Work } from "../services.ts";
import { configLoadable } from "./config-loadable.ts";
import { planModelConfig, type ModelConfigFiles } from "./plan-model-config.ts";
import { layOutScorer } from "./scorer-code.ts";
import { surveyConfig, type ConfigSurvey } from "./survey-config.ts";

export interface ModelConfigPublication {
  readonly parts: ModelConfigFiles;
  /** Null: the time. */
  readonly label: string | null;
  readonly authorEmail: string | null;
  /** Metrics on the test set, as the trainer measured them; null: those in the model's file, else computed now. */
  readonly metrics: Readonly<Record<string, number>> | null;
  /** Rows as clients send them, before the column transformer; null: rows of the test set where nothing transforms them. */
  readonly examples: ExampleRows | null;
  readonly choice: EnvironmentChoice;
}

/** How far a metric may lie off in the same place. */
const METRIC_TOLERANCE = 1e-9;
const LOWER_IS_BETTER = ["rmse", "mae", "log_loss", "error"];

/**
 * Publishes a model configuration: its files are opened in a worker, which repeats or computes the metrics and keeps as much
 * of the test set as the project wants; then its scorer answers the examples as it will be served.
 * @throws Failure of the files, the environment, the model, or the store; nothing is published then.
 */
export async function publishModelConfig(
  services: Services,
  publication: ModelConfigPublication,
  work: Work,
): Promise<PublishOutcome> {
  const folder = await makeWorkFolder(services);
  try {
    const { storeTestSet } = services.settings;
    const { label, choice } = publication;
    const request = { ...publication, storeTestSet, trust: true, folder: folder.path };
    const survey = await surveyConfig(services, request, work);
    const candidate = await candidateOf(services, { survey, folder: folder.path, publication });
    return await publishCandidate(services, { candidate, label, choice }, work);
  } finally {
    await folder.remove();
  }
}

async function candidateOf(
  services: Services,
  found: { readonly survey: ConfigSurvey; readonly folder: string; readonly publication: ModelConfigPublication },
): Promise<Candidate> {
  const { survey, folder, publication } = found;
  const { parts, metrics, examples, inputForm, environmentDigest, architecture } = survey;
  const plan = planModelConfig(parts, { metrics, environmentDigest, architecture });
  const served = plan.files.filter(({ isServed }) => isServed);
  const kept = plan.files.filter(({ isServed }) => !isServed);
  const loadable = configLoadable({
    ...{ name: parts.modelName, version: "unpublished", config: plan.scorerConfig, inputForm, examples },
    code: await layOutScorer(services, folder, "scorer"),
    artifacts: served.map(({ name, source, role }) => ({ name, source, role })),
  });
  return {
    ...{ loadable, definition: null, framework: parts.modelClass, run: null, kept: [] },
    ...{ mainArtifact: plan.metadata.model_filename, evaluation: null, labelled: [], examples },
    ...{ authorEmail: publication.authorEmail, modelMetrics: metrics satisfies JsonObject },
    configuration: {
      metadata: plan.metadata,
      repeated: recordedMetrics(metrics, plan.metadata.test_set_filenames[0] ?? ""),
      files: kept.map(({ name, role, source }) => ({
        ...{ path: name, role, target: null, mediaType: mediaTypeOf(name) },
        body: { file: source },
      })),
    },
  };
}

function recordedMetrics(metrics: Readonly<Record<string, number>>, dataSet: string): readonly RecordedMetric[] {
  return Object.entries(metrics).map(([name, value]) => ({
    ...{ name, value, dataSet, tolerance: METRIC_TOLERANCE },
    direction: LOWER_IS_BETTER.includes(name) ? "lower" : "higher",
  }));
}
