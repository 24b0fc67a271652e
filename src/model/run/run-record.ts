import type { JsonObject } from "../../kernel/json.ts";
import type { Language } from "../definition/model-definition.ts";
import type { DataQuery } from "./find-queries.ts";
import type { CodeRecord } from "./code-record.ts";

/** What happened to a run. `lost` is never written: a record that says running but whose process is gone reads lost. */
export type RunStatus = "running" | "succeeded" | "failed" | "interrupted" | "lost";
export type RunKind = "train" | "evaluate";

/** State of the repository that a definition lies in, when the run began. */
export interface GitState {
  readonly commit: string | null;
  /** `git describe --always --dirty`. */
  readonly describe: string | null;
  readonly branch: string | null;
  readonly isDirty: boolean;
}

/** One frame of a model's traceback. */
export interface TraceFrame {
  readonly file: string;
  readonly line: number | null;
  readonly function: string | null;
  readonly source: string | null;
  /** True for code of the model's own folder. */
  readonly isUser: boolean;
}

/** An error that a model's code raised. */
export interface ModelError {
  readonly type: string;
  readonly message: string;
  /** Of the error of the author package. */
  readonly code?: string | undefined;
  readonly frames: readonly TraceFrame[];
}

/** A file that a run made. */
export interface ArtifactRecord {
  /** Path below `models/` or `artifacts/output/`. */
  readonly name: string;
  readonly folder: "models" | "artifacts/output";
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** The rows of a data file, whatever their order. */
export interface RowsRecord {
  readonly rowCount: number;
  /** Equal for equal rows in any order, of rows and of columns; see `digestRows`. */
  readonly digest: string;
}

/** A configuration that a model's code read through a reader of the author packages. */
export interface ConfigurationRead {
  /** `local`, `statsig`, or `statsig-cache` for the last good value. */
  readonly source: string;
  readonly name: string;
  /** sha256 of the value's canonical JSON. */
  readonly digest: string;
}

/** `run.json`: written when the run begins, and again when it ends. */
export interface RunRecord {
  readonly schemaVersion: 1;
  readonly id: string;
  readonly kind: RunKind;
  /** Store name of the model. */
  readonly model: string;
  readonly definition: {
    readonly id: string;
    readonly name: string;
    readonly language: Language;
    readonly folder: string;
    readonly digest: string;
  };
  readonly status: RunStatus;
  readonly process: { readonly pid: number; readonly host: string; readonly startedAt: string };
  readonly startedAt: string;
  /** Renewed while the run goes on; with `process` it tells a lost run from a live one. */
  readonly heartbeatAt: string;
  readonly endedAt: string | null;
  readonly durationMs: number | null;
  readonly git: GitState | null;
  readonly parameters: JsonObject;
  readonly dataConfiguration: JsonObject;
  /** Path → sha256 of the local files that the data configuration names. */
  readonly dataDigests: Readonly<Record<string, string>>;
  /** Path → rows of those files that are tables of moderate size. Absent in older records. */
  readonly dataRows?: Readonly<Record<string, RowsRecord>> | undefined;
  /** Queries that the data configuration holds. Absent in older records. */
  readonly dataQueries?: readonly DataQuery[] | undefined;
  /** Where the code is kept; null where keeping it failed. Absent in older records and for evaluations. */
  readonly code?: CodeRecord | null | undefined;
  /** The run that this one repeats. */
  readonly reproduces?: string | undefined;
  readonly environment: {
    readonly digest: string;
    readonly interpreter: string;
    readonly lock: string | null;
    readonly packages: readonly string[];
    readonly unmet: readonly string[];
  } | null;
  /** `seed`: what was asked for; the others: what each library was given, by its name. */
  readonly seeds: JsonObject;
  readonly threads: JsonObject;
  readonly machine: JsonObject;
  readonly peakMemoryBytes: number | null;
  /** Metrics as the model gave them (numbers or numeric strings). */
  readonly metrics: JsonObject;
  /** Metrics that the platform computed. */
  readonly platformMetrics: Readonly<Record<string, number>>;
  readonly artifacts: readonly ArtifactRecord[];
  /** Absent where the code read none. */
  readonly configurations?: readonly ConfigurationRead[] | undefined;
  /** Files that the code wrote beside itself, by the paths they would have in the checkout. Absent where it wrote none. */
  readonly besideCode?: readonly string[] | undefined;
  /** Files of the project that changed while the code ran, by its doing or another's. Absent where none did. */
  readonly changedInProject?: readonly string[] | undefined;
  readonly failure: {
    readonly code: string;
    readonly message: string;
    readonly hint: string | null;
    readonly error: ModelError | null;
  } | null;
  /** For an evaluation: the training run or version whose artifacts were evaluated. */
  readonly source: { readonly run: string | null; readonly version: string | null } | null;
}
