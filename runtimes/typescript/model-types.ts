/*
 * Types for models written in TypeScript. Nothing here exists at run time and nothing is imported:
 * copy the file beside a model, or import the types from `modelwright/model-types`.
 *
 * `model_modules/index.ts` exports `train`, `evaluate` and `class ModelScorer`; each may be asynchronous.
 */

/** A value in a row. Integers beyond 2^53 arrive as `bigint`; float columns may hold NaN and infinities. */
export type CellValue = string | number | boolean | bigint | null;

/** One input row with a signature: column name → value. */
export type Row = Record<string, CellValue>;

/** `config.json`. */
export interface ModelConf {
  readonly hyperParameters?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** The data configuration of a run. */
export type DataConf = Readonly<Record<string, unknown>>;

/** What is known about the training data; every field may be absent. */
export interface DatasetInfo {
  readonly sql?: string;
  readonly entityKey?: string;
  readonly featureNames?: readonly string[];
  readonly targetNames?: readonly string[];
  readonly predictionsDatabase?: string;
  readonly predictionsTable?: string;
  readonly featureMetadataDatabase?: string;
  readonly featureMetadataTable?: string;
  readonly [field: string]: unknown;
}

/** Third parameter of `train` and `evaluate`, second of `ModelScorer`'s constructor. All paths are absolute. */
export interface ModelContext {
  /** `config.json`'s `hyperParameters`. */
  readonly hyperparams: Readonly<Record<string, unknown>>;
  /** What a trained model is stored in: `train` writes here, `evaluate` and `ModelScorer` read here. */
  readonly modelsPath: string;
  /** The artifacts of the version that is evaluated or served. */
  readonly artifactInputPath: string;
  /** Where artifacts and metrics (`metrics.json`) are written. */
  readonly artifactOutputPath: string;
  readonly jobId: string;
  readonly modelId: string;
  readonly modelVersion: string;
  readonly modelTable: string;
  readonly projectId: string;
  readonly datasetInfo: DatasetInfo;
  /** Seed of the run, with which `Math.random` is seeded too; null for a scorer. */
  readonly seed: number | null;
  /** Reports progress, for example `{ epoch: 3, loss: 0.2 }`. Does nothing in a scorer. */
  progress(fields: Readonly<Record<string, unknown>>): void;
}

/** What `model_modules/index.ts` exports. */
export interface ModelModule {
  train(dataConf: DataConf, modelConf: ModelConf, context: ModelContext): void | Promise<void>;
  evaluate(dataConf: DataConf, modelConf: ModelConf, context: ModelContext): void | Promise<void>;
  ModelScorer: new (config: ModelConf, context: ModelContext) => Scorer;
}

/** Answers one prediction a row, in order. */
export interface Scorer {
  predict(rows: readonly Row[]): ArrayLike<unknown> | Promise<ArrayLike<unknown>>;
}
