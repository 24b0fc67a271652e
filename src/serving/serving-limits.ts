import { REQUEST_TIMEOUT_MS } from "../model/server-settings.ts";

/** What one loaded model takes on before it says no. */
export interface ServingLimits {
  /** Rows of one request. */
  readonly maxRows: number;
  /** Requests that may wait for the model at one time. */
  readonly maxQueuedRequests: number;
  /** Rows of the requests that may wait. A single request may be larger when nothing else waits. */
  readonly maxQueuedRows: number;
  /** Rows that go to the engine in one call, unless one request alone has more. */
  readonly maxBatchRows: number;
  /** Longest time from a request's arrival to its answer. */
  readonly timeoutMs: number;
}

export const SERVING_LIMITS: ServingLimits = {
  maxRows: 10_000,
  maxQueuedRequests: 1_000,
  maxQueuedRows: 50_000,
  maxBatchRows: 256,
  timeoutMs: REQUEST_TIMEOUT_MS,
};
