import type { JsonObject, JsonValue } from "../../kernel/json.ts";
import type { InputForm, PredictForm } from "../definition/model-definition.ts";
import type { ColumnType } from "../definition/signature.ts";
import type { RunIdentifiers } from "../version/manifest.ts";
import type { ModelError } from "../run/run-record.ts";
import type { ExactJson } from "./predictor.ts";

/** Number of the contract between the tool and the foreign halves in `runtimes/`. */
export const PROTOCOL = 1;

/** What the `context` parameter of newer models is made from. */
export interface ContextSpec {
  readonly jobId: string;
  readonly projectId: string;
  readonly datasetInfo: JsonObject;
}

/** Fields of every process that is started. All paths are absolute. */
interface ProcessSpec {
  readonly protocol: typeof PROTOCOL;
  /** The working directory. */
  readonly workFolder: string;
  /** Process id of the tool: when the parent is another one, the tool is gone and the process ends itself. */
  readonly parentPid: number;
}

/** What an executor reads of any job. */
interface AnyJobSpec extends ProcessSpec {
  /**
   * Where the outcome is written, atomically, as the last thing: first as `<resultFile>.<process id>.tmp`, which the
   * executor removes where the job was ended meanwhile.
   */
  readonly resultFile: string;
  /** JSON lines, appended: `{"type":"progress","at":"<ISO time>","fields":{…}}`. */
  readonly eventsFile: string;
}

/** Fields that jobs and workers of models share. `workFolder` holds `config.json`, `models/`, `artifacts/input/`, `artifacts/output/`. */
interface CodeSpec extends ProcessSpec {
  /** Folder that goes on the module path (Python) or holds `model_modules/`. For TypeScript: the bundle file. */
  readonly codeRoot: string;
  /** The folder that holds a copy of the code under its own absolute path: errors name the original. Absent: no copy. */
  readonly copiedBelow?: string | undefined;
  /** `config.json` whole. */
  readonly modelConf: JsonObject;
  readonly identifiers: RunIdentifiers;
  readonly context: ContextSpec;
}

/** `job.json`. Descriptor 3 of a job is a socket on which nothing is said: it hangs up when the tool is gone. */
export interface JobSpec extends CodeSpec, AnyJobSpec {
  readonly kind: "train" | "evaluate";
  readonly dataConf: JsonObject;
  readonly seed: number;
}

/** `job.json` of a job that opens the pickle in a data file. */
export interface RowsJobSpec extends AnyJobSpec {
  readonly kind: "rows";
  readonly file: string;
  /** Of the bytes that were checked: others are not opened. */
  readonly sha256: string;
  readonly format: "npy" | "npz" | "pickle" | "joblib";
  /** Module and name of all that it may import. */
  readonly imports: readonly (readonly [module: string, name: string])[];
  /** Written: `{"names": [...] | null}`, then a list of values a line; numbers that JSON lacks as `{"float": "NaN"}`. */
  readonly rowsFile: string;
}

/** `result.json`. The exit code says the same: 0 succeeded, 1 the model failed; anything else is a crash. */
export interface JobResult {
  readonly protocol: typeof PROTOCOL;
  readonly status: "succeeded" | "failed";
  readonly error: ModelError | null;
  readonly peakMemoryBytes: number | null;
  /** What was seeded with what: `random`, `numpy`, `torch`, `PYTHONHASHSEED`, `Math.random`. */
  readonly seeds?: Readonly<Record<string, number>> | undefined;
  /** How many threads what computed with: `processors` that may be used, `OMP_NUM_THREADS`, `torch`, `openblas`, … */
  readonly threads?: Readonly<Record<string, number>> | undefined;
}

/** A column as the worker needs it: rows arrive as arrays in this order and are turned into what the scorer takes. */
export interface WireColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** `worker.json`. */
export interface WorkerSpec extends CodeSpec {
  /** Null: found by trying `probeRows`, else by trying the first rows that come. */
  readonly predictForm: PredictForm | null;
  readonly inputForm: InputForm | null;
  /** Null without a signature: rows then arrive as the client sent them. */
  readonly columns: readonly WireColumn[] | null;
  /** Rows in wire form to find the forms with; may be empty. */
  readonly probeRows: readonly JsonValue[];
  /** As `WorkerRequest.names`, of `probeRows`. */
  readonly probeNames?: readonly string[] | undefined;
}

/*
 * Worker channel: frames on descriptor 3, each a 4-byte big-endian length and that many bytes of UTF-8 JSON.
 * The tool writes WorkerRequest frames; the worker first writes one `ready` or `failed` frame, then one answer a request.
 */

export interface WorkerRequest {
  readonly id: number;
  /** With a signature: arrays in column order. Floats that JSON lacks stand as the strings NaN, Infinity, -Infinity in float columns. */
  readonly rows: readonly JsonValue[];
  /** Without a signature: the names of the values where rows are arrays, if the client gave them. */
  readonly names?: readonly string[] | undefined;
}

export type WorkerMessage =
  | {
      readonly type: "ready";
      readonly predictForm: PredictForm | null;
      readonly inputForm: InputForm | null;
      readonly loadMs: number;
    }
  | { readonly type: "failed"; readonly error: ModelError }
  | { readonly type: "predictions"; readonly id: number; readonly predictions: readonly ExactJson[] }
  | { readonly type: "error"; readonly id: number; readonly error: ModelError };
