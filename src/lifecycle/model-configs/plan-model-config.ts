import { extname } from "node:path";

import { Failure } from "../../kernel/failure.ts";
import type { JsonObject } from "../../kernel/json.ts";
import type { ClassicMetadata, FileRole } from "../../model/version/manifest.ts";

/** Features and labels: absolute paths of two files. */
export type DataSetFiles = readonly [features: string, labels: string];

/** A trained model with all that belongs to it, as absolute paths of files. */
export interface ModelConfigFiles {
  readonly modelName: string;
  readonly model: string;
  /** For example `XGBClassifier`; null: its file tells. */
  readonly modelClass: string | null;
  readonly trainingSet: DataSetFiles | null;
  readonly testSet: DataSetFiles | null;
  readonly columnTransformer: string | null;
}

/** One file of a model configuration and the name that it has in a version. */
export interface ConfigFile {
  readonly name: string;
  readonly role: Extract<FileRole, "artifact" | "trainingSet" | "testSet" | "transformer">;
  /** True for what the scorer opens. */
  readonly isServed: boolean;
  readonly source: string;
}

export interface ModelConfigPlan {
  readonly files: readonly ConfigFile[];
  /** The eight keys but author and version. */
  readonly metadata: Omit<ClassicMetadata, "author_email" | "version">;
  /** `config.json` of the scorer. */
  readonly scorerConfig: JsonObject;
}

const MODEL_ENDINGS = [".json", ".ubj", ".pkl", ".joblib"];
const SET_ENDINGS = [".npy", ".npz"];
const TRANSFORMER_ENDINGS = [".pkl", ".joblib"];

/** What the scorer repeats on the test set, and where it was measured. */
export interface ScorerProof {
  /** Null: the metrics in the model file, if it has any. */
  readonly metrics: JsonObject | null;
  readonly environmentDigest: string | null;
  readonly architecture: string | null;
}

/**
 * Gives every file its classic name; pure.
 * @throws Failure `DATA_MALFORMED` for a file whose name does not tell how it was saved.
 */
export function planModelConfig(parts: ModelConfigFiles, proof: ScorerProof): ModelConfigPlan {
  const model = named("model", parts.model, MODEL_ENDINGS);
  const transformer =
    parts.columnTransformer === null ? null : named("transformer", parts.columnTransformer, TRANSFORMER_ENDINGS);
  const training = setNames("train", parts.trainingSet);
  const test = setNames("test", parts.testSet);
  return {
    files: [
      { name: model, role: "artifact", isServed: true, source: parts.model },
      ...setFiles("trainingSet", training, parts.trainingSet),
      ...setFiles("testSet", test, parts.testSet),
      ...(transformer === null || parts.columnTransformer === null
        ? []
        : [{ name: transformer, role: "transformer" as const, isServed: true, source: parts.columnTransformer }]),
    ],
    metadata: {
      model_name: parts.modelName,
      model_filename: model,
      model_class: parts.modelClass,
      training_set_filenames: training,
      test_set_filenames: test,
      column_transformer_filename: transformer,
    },
    scorerConfig: scorerConfig({
      ...{ name: parts.modelName, model, modelClass: parts.modelClass },
      ...{ transformer, test, proof },
    }),
  };
}

/** What `ModelScorer` of the Python package's `model_files` is made from. */
export function scorerConfig(stored: {
  readonly name: string;
  readonly model: string;
  readonly modelClass: string | null;
  readonly transformer: string | null;
  readonly test: readonly string[];
  readonly proof: ScorerProof;
}): JsonObject {
  return {
    modelConfig: {
      modelName: stored.name,
      model: stored.model,
      modelClass: stored.modelClass,
      columnTransformer: stored.transformer,
      testSet: stored.test,
      ...stored.proof,
    },
  };
}

function setNames(stem: "train" | "test", set: DataSetFiles | null): readonly string[] {
  return set === null ? [] : [named(`${stem}X`, set[0], SET_ENDINGS), named(`${stem}Y`, set[1], SET_ENDINGS)];
}

function setFiles(
  role: "trainingSet" | "testSet",
  names: readonly string[],
  set: DataSetFiles | null,
): readonly ConfigFile[] {
  return (set ?? []).map((source, index) => ({ name: names[index] ?? "", role, isServed: role === "testSet", source }));
}

function named(stem: string, path: string, endings: readonly string[]): string {
  const ending = extname(path).toLowerCase();
  if (endings.includes(ending)) return `${stem}${ending}`;
  throw new Failure("DATA_MALFORMED", {
    message: `The name of ${path} does not tell how it was saved.`,
    hint: `As ${stem} it must end in ${endings.join(", ")}.`,
  });
}
