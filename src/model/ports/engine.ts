import type { InputForm, PredictForm } from "../definition/model-definition.ts";
import type { ExactJson } from "./predictor.ts";

/** What answers: a warm worker process now; in-process native and ONNX engines later. */
export type EngineKind = "worker";

export interface PredictOptions {
  readonly timeoutMs: number;
  /** `WorkerRequest.names` as JSON, if there are any. */
  readonly namesJson?: string | null;
}

/** A loaded model that turns rows in wire form (see `WorkerSpec.columns`) into predictions, one each, in order. */
export interface Engine {
  readonly kind: EngineKind;
  /** Calls that it works on at the same time: one for each worker. */
  readonly workerCount: number;
  /** What was declared or found out at load. */
  readonly forms: { readonly predictForm: PredictForm | null; readonly inputForm: InputForm | null };
  /**
   * @param rowsJson - a JSON array of wire rows, already serialised (so that large integers survive).
   * @returns `rowCount` predictions; an integer that a double cannot hold comes as a `bigint`.
   * @throws Failure `MODEL_FAILED`, `WORKER_LOST`, `WORKER_OUT_OF_MEMORY`, `PREDICTION_MISMATCH`, `DEADLINE_EXCEEDED`.
   */
  predict(rowsJson: string, rowCount: number, options: PredictOptions): Promise<readonly ExactJson[]>;
  /** True while it can answer; false while a lost worker is being restarted. */
  isReady(): boolean;
  /** Ends what it runs. Requests that wait are rejected with `WORKER_LOST`. */
  stop(): Promise<void>;
}
