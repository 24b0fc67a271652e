import { basename, join } from "node:path";

import * as z from "zod";

import type { JsonObject, JsonValue } from "../../kernel/json.ts";
import { parse } from "../../kernel/parse.ts";
import { toPlainJson } from "../../model/prediction/exact-json.ts";
import type { TestSetPolicy } from "../../model/settings.ts";
import type { ExampleRows } from "../../model/version/manifest.ts";
import type { Trust } from "../../model/version/trust.ts";
import { untilInterrupted } from "../running/until-interrupted.ts";
import type { EnvironmentChoice, Services, Work } from "../services.ts";
import { startModel } from "../serving/start-model.ts";
import { configLoadable } from "./config-loadable.ts";
import type { ModelConfigFiles } from "./plan-model-config.ts";
import { layOutScorer } from "./scorer-code.ts";

export interface SurveyRequest {
  readonly parts: ModelConfigFiles;
  /** Metrics on all of the test set, to be repeated; null: those in the model's file, if it has any. */
  readonly metrics: Readonly<Record<string, number>> | null;
  /** Null: rows of the test set, where clients send what the model takes. */
  readonly examples: ExampleRows | null;
  readonly storeTestSet: TestSetPolicy;
  readonly trust: Trust;
  /** Absolute folder, which exists, for the part of the test set that is kept. */
  readonly folder: string;
  readonly choice: EnvironmentChoice;
}

const NumbersSchema = z.record(z.string(), z.number());
const SurveySchema = z.object({
  modelClass: z.string(),
  /** Metrics that were known before and have been repeated on all of the test set. */
  repeated: NumbersSchema,
  /** On the kept rows of the test set. */
  metrics: NumbersSchema,
  /** Names of files in the folder of the request; null: the test set as it was given; empty: nothing is kept of it. */
  testSet: z.union([z.tuple([z.string(), z.string()]), z.tuple([])]).nullable(),
  examples: z.array(z.custom<JsonValue>()),
  inputForm: z.literal("frame").nullable(),
  environmentDigest: z.string(),
  architecture: z.string(),
});

/** What the libraries that wrote the files of a configuration tell about them. */
export interface ConfigSurvey extends Omit<z.infer<typeof SurveySchema>, "testSet" | "examples"> {
  readonly examples: ExampleRows;
  /** The configuration with what is kept of its test set. */
  readonly parts: ModelConfigFiles & { readonly modelClass: string };
}

const ANSWER_TIMEOUT_MS = 60_000;

/**
 * Opens the files of a configuration in a worker of their own, and has their metrics repeated.
 * @throws Failure of the environment; `PROOF_FAILED`, `PICKLE_NOT_TRUSTED`, `FILE_UNREADABLE`, `PACKAGE_MISSING`, …
 */
export async function surveyConfig(services: Services, request: SurveyRequest, work: Work): Promise<ConfigSurvey> {
  const loadable = await surveyLoadable(services, request);
  const started = await startModel(services, { loadable, choice: request.choice }, work);
  try {
    const [answer] = await untilInterrupted({ signal: work.signal, stop: started.stop }, () =>
      started.engine.predict("[[0]]", 1, { timeoutMs: ANSWER_TIMEOUT_MS }),
    );
    return readSurvey(parse(SurveySchema, toPlainJson(answer ?? null), "the survey of the model's files"), request);
  } finally {
    await started.stop();
  }
}

async function surveyLoadable(services: Services, request: SurveyRequest) {
  const { parts, metrics, examples, storeTestSet, trust, folder } = request;
  const { modelName, modelClass, model, columnTransformer: transformer, testSet } = parts;
  const sources = [model, ...(transformer === null ? [] : [transformer]), ...(testSet ?? [])];
  const names = sources.map((path) => basename(path));
  // Two files may have one name in different folders.
  const nameOf = (path: string) =>
    new Set(names).size === names.length ? basename(path) : `${sources.indexOf(path)}-${basename(path)}`;
  const survey: JsonObject = {
    ...{ modelName, modelClass, model: nameOf(model), storeTestSet, trust, folder, metrics },
    columnTransformer: transformer === null ? null : nameOf(transformer),
    testSet: (testSet ?? []).map(nameOf),
    examples: examples === null ? null : examples.rows,
  };
  return configLoadable({
    ...{ name: modelName, version: "survey", inputForm: "list", examples: { rows: [] }, config: { survey } },
    code: await layOutScorer(services, folder, "survey"),
    artifacts: [...new Set(sources)].map((source) => ({ name: nameOf(source), source })),
  });
}

function readSurvey(
  { testSet, examples, ...found }: z.infer<typeof SurveySchema>,
  { parts, folder }: SurveyRequest,
): ConfigSurvey {
  const [features, labels] = testSet ?? [];
  const kept =
    features === undefined || labels === undefined ? null : ([join(folder, features), join(folder, labels)] as const);
  return {
    ...found,
    examples: { rows: examples },
    parts: { ...parts, modelClass: found.modelClass, testSet: testSet === null ? parts.testSet : kept },
  };
}
