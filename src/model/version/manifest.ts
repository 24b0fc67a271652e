import type { JsonObject, JsonValue } from "../../kernel/json.ts";
import type { InputForm, Language, LayoutName, PredictForm, VariablesSpec } from "../definition/model-definition.ts";
import type { Signature } from "../definition/signature.ts";
import type { DataQuery } from "../run/find-queries.ts";
import type { GitState, RowsRecord } from "../run/run-record.ts";
import type { Tolerance } from "../prediction/tolerance.ts";

/** Number of the manifest format that this version of the tool writes. */
export const MANIFEST_SCHEMA_VERSION = 1;

/** What a stored file is for. */
export type FileRole =
  "metadata" | "artifact" | "code" | "definition" | "trainingSet" | "testSet" | "transformer" | "other";

/** One file of a model version. */
export interface FileEntry {
  /** Path in the version folder, with `/`, never leading out of it. */
  readonly path: string;
  readonly role: FileRole;
  /**
   * Where the file goes when the version is laid out to run. Artifacts: the name below `models/` and
   * `artifacts/input/`; code: the path below the code root. Null for files that are only kept.
   */
  readonly target: string | null;
  /** For artifacts that the model wrote under the same name in both folders with different bytes: the one it goes to. */
  readonly only?: "models" | "artifacts/input" | undefined;
  readonly sizeBytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly mediaType: string;
}

/** Exactly the eight keys of the classic `metadata.json`, in their order. */
export interface ClassicMetadata {
  readonly model_name: string;
  readonly model_filename: string | null;
  readonly model_class: string | null;
  readonly training_set_filenames: readonly string[];
  readonly test_set_filenames: readonly string[];
  readonly column_transformer_filename: string | null;
  readonly author_email: string | null;
  readonly version: string;
}

/** Proof levels from weak to strong. */
export const PROOF_LEVELS = ["digests", "predictions", "metrics"] as const;
export type ProofLevel = (typeof PROOF_LEVELS)[number];

/** True when `level` proves as much as `wanted`, or more. */
export function provesAtLeast(level: ProofLevel, wanted: ProofLevel): boolean {
  return PROOF_LEVELS.indexOf(level) >= PROOF_LEVELS.indexOf(wanted);
}

/** Rows as a client would send them. */
export interface ExampleRows {
  readonly rows: readonly JsonValue[];
  /** Names of the values where rows are arrays; see `RowSet`. */
  readonly names?: readonly string[] | undefined;
}

/** Rows as a client would send them, and what the model answered when it was published. */
export interface RecordedPredictions extends ExampleRows {
  readonly predictions: readonly JsonValue[];
}

/** A metric value with all that is needed to compute it again. */
export interface RecordedMetric {
  readonly name: string;
  readonly value: number;
  readonly direction: "higher" | "lower";
  /** Path of the stored data set in the version. */
  readonly dataSet: string;
  readonly tolerance: number;
}

/** The environment that a version was proven in. */
export interface RecordedEnvironment {
  readonly digest: string;
  /** `linux-x64`, `darwin-arm64`, … */
  readonly architecture: string;
  /** Interpreter and version, for example `CPython 3.11.7`. */
  readonly interpreter: string;
  /** Hash-pinned requirement lines, or null when the environment was used as it was. */
  readonly lock: string | null;
  /** Installed packages as `name==version`. */
  readonly packages: readonly string[];
}

/** How the scorer of a version is called. */
export interface ServingSpec {
  readonly language: Language;
  readonly layout: LayoutName;
  readonly predictForm: PredictForm | null;
  readonly inputForm: InputForm | null;
  /** False when one row alone and many rows together gave different answers: never batched. */
  readonly batchable: boolean;
  readonly config: JsonObject;
  readonly variables: VariablesSpec;
  /** Memory that a worker may use, where the definition says so (`resources.serving.limits.memory`). */
  readonly memoryLimitBytes?: number | undefined;
  /** Identifiers that training was given; evaluation and serving pass the same ones. */
  readonly identifiers: RunIdentifiers;
}

/** What old code is told about itself. Derived from the run, because the version label exists only at publish. */
export interface RunIdentifiers {
  readonly modelId: string;
  readonly modelVersion: string;
  readonly modelTable: string;
}

/** The definition that a version was made from. */
export interface DefinitionIdentity {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
}

/** Everything about a version that `metadata.json` has no key for. Its sha256 is the version's identity. */
export interface Manifest {
  readonly schemaVersion: typeof MANIFEST_SCHEMA_VERSION;
  readonly model: string;
  readonly version: string;
  readonly createdAt: string;
  readonly toolVersion: string;
  readonly definition: DefinitionIdentity | null;
  readonly framework: string | null;
  readonly files: readonly FileEntry[];
  readonly signature: Signature | null;
  readonly serving: ServingSpec;
  readonly environment: RecordedEnvironment;
  readonly run: {
    readonly id: string;
    readonly git: GitState | null;
    readonly seeds: JsonObject;
    readonly threads: JsonObject;
  } | null;
  readonly parameters: JsonObject;
  readonly dataDigests: Readonly<Record<string, string>>;
  /** As in the record of the run. Absent in older versions, and where there are none. */
  readonly dataRows?: Readonly<Record<string, RowsRecord>> | undefined;
  readonly dataQueries?: readonly DataQuery[] | undefined;
  /** Metrics that the model itself wrote, as given (numbers or numeric strings). */
  readonly modelMetrics: JsonObject;
  readonly proof: {
    readonly level: ProofLevel;
    readonly recorded: RecordedPredictions | null;
    readonly metrics: readonly RecordedMetric[];
    readonly evaluation: { readonly target: string; readonly positive: JsonValue } | null;
    readonly tolerance: Tolerance | null;
  };
  /** sha256 over roles, targets and digests of the files: equal for two publications of the same thing. */
  readonly contentDigest: string;
}

/** The commit record of a version: what `versions` shows without opening the manifest. */
export interface CommitRecord {
  readonly manifestDigest: string;
  readonly contentDigest: string;
  readonly createdAt: string;
  readonly nonce: string;
  readonly proofLevel: ProofLevel;
  readonly language: Language;
  readonly definitionId: string | null;
  readonly runId: string | null;
  readonly metrics: JsonObject;
  readonly sizeBytes: number;
}
