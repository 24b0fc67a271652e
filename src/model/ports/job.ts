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

/** Fields that jobs and workers share. All paths are absolute. */
interface CodeSpec {
  readonly protocol: typeof PROTOCOL;
  /** Folder that goes on the module path (Python) or holds `model_modules/`. For TypeScript: the bundle file. */
  readonly codeRoot: string;
  /** The working directory: holds `config.json`, `models/`, `artifacts/input/`, `artifacts/output/`. */
  readonly workFolder: string;
  /** `config.json` whole. */
  readonly modelConf: JsonObject;
  readonly identifiers: RunIdentifiers;
  readonly context: ContextSpec;
  /** Process id of the tool: when the parent is another one, the tool is gone and the process ends itself. */
  readonly parentPid: number;
}

/** `job.json`. Descriptor 3 of a job is a socket on which nothing is said: it hangs up when the tool is gone. */
export interface JobSpec extends CodeSpec {
  readonly kind: "train" | "evaluate";
  readonly dataConf: JsonObject;
  /** Where the outcome is written, atomically, as the last thing. */
  readonly resultFile: string;
  /** JSON lines, appended: `{"type":"progress","at":"<ISO time>","fields":{…}}`. */
  readonly eventsFile: string;
  readonly seed: number;
}

/** `result.json`. The exit code says the same: 0 succeeded, 1 the model failed; anything else is a crash. */
export interface JobResult {
  readonly protocol: typeof PROTOCOL;
  readonly status: "succeeded" | "failed";
  readonly error: ModelError | null;
  readonly peakMemoryBytes: number | null;
  /** What was seeded with what: `random`, `numpy`, `torch`, `PYTHONHASHSEED`, `Math.random`. */
  readonly seeds?: Readonly<Record<string, number>> | undefined;
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
