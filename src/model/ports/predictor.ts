import type { ErrorCode } from "../../kernel/error-codes.ts";
import type { JsonObject, JsonValue } from "../../kernel/json.ts";
import type { PredictReply } from "../prediction/predict-reply.ts";
import type { ProofLevel } from "../version/manifest.ts";
import type { Signature } from "../definition/signature.ts";

/** What `GET /v1/<model>` tells. */
export interface ServedModel {
  readonly name: string;
  readonly reference: string;
  readonly version: string;
  /** sha256 of the manifest; null for a folder that is served before it is published. */
  readonly digest: string | null;
  readonly engine: string;
  readonly signature: Signature | null;
  /** False: rows go to the model unchecked. */
  readonly checksRows: boolean;
  readonly proof: ProofLevel | "none";
  readonly metrics: JsonObject;
  readonly ready: boolean;
}

/** Rows as JSON values; integers beyond 2^53 stand among them as `bigint`. */
export interface RowSet {
  readonly rows: readonly ExactJson[];
  /**
   * Names of the values where rows are arrays: the header of a CSV file, or the names beside an ndarray.
   * They give both names and order, where an object gives names only.
   */
  readonly names?: readonly string[] | undefined;
}

/** The rows of one request. */
export interface PredictRequest extends RowSet {
  /** Milliseconds that the caller waits at most. */
  readonly timeoutMs?: number | undefined;
  /** True when no other request can come in this turn of the event loop, so that there is no company to wait for. */
  readonly isAlone?: boolean | undefined;
}

/** A JSON value in which an integer that a double cannot hold is a `bigint`. */
export type ExactJson = JsonValue | bigint | readonly ExactJson[] | { readonly [key: string]: ExactJson };

/** The use case behind every face: HTTP, command line, library. */
export interface Predictor {
  models(): readonly ServedModel[];
  /**
   * @throws Failure `MODEL_NOT_FOUND`, `MODEL_LOADING`, `MODEL_UNAVAILABLE`, `TOO_MANY_ROWS`, `QUEUE_FULL`,
   *   `DEADLINE_EXCEEDED`, `MODEL_FAILED`, `PREDICTION_MISMATCH`, `WORKER_LOST`, `SERVER_DRAINING`.
   */
  predict(model: string, request: PredictRequest): Promise<PredictReply>;
}

/** What keeps a model that follows an alias from serving the version that the alias points to. */
export interface AliasUpdate {
  readonly alias: string;
  /** The version that the alias points to; null when it points nowhere or cannot be read. */
  readonly version: string | null;
  /** `removed`: the alias points nowhere any more; `unreadable`: the store cannot be reached, or the alias is damaged. */
  readonly state: "loading" | "failed" | "removed" | "unreadable";
  /** Why, else null. */
  readonly code: ErrorCode | null;
  /** ISO time. */
  readonly since: string;
}

/** Whether a model that the server was told to serve can answer now. */
export interface ModelState {
  readonly name: string;
  /** `restarting`: loaded, but its engine is coming back after a crash. */
  readonly state: "ready" | "loading" | "restarting" | "failed";
  /** Why loading failed, else null. */
  readonly code: ErrorCode | null;
  /** Null: it serves what it should, or nothing yet. */
  readonly update: AliasUpdate | null;
}

/** A predictor for any number of models that come, are replaced and go while it serves. */
export interface PredictionService extends Predictor {
  /** Every model that is or should be served, also those that `models()` does not have yet. */
  states(): readonly ModelState[];
  /** @throws Failure `MODEL_NOT_FOUND`, `MODEL_LOADING`, `MODEL_UNAVAILABLE`, `SERVER_DRAINING`. */
  findModel(name: string): ServedModel;
}
