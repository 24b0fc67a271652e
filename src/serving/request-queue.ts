import { Failure } from "../kernel/failure.ts";
import type { ExactJson } from "../model/ports/predictor.ts";
import type { ServingLimits } from "./serving-limits.ts";

/** Retry-After never promises less or more than this. */
const RETRY_SECONDS = { min: 1, max: 60 };

/** Weight of the newest call in the running estimate of the model's speed. */
const NEWEST_WEIGHT = 0.2;

/** One request's good rows as the engine takes them. */
export interface WireRows {
  /** Wire rows as JSON, joined by commas, without the brackets around them. */
  readonly rowsJson: string;
  readonly rowCount: number;
  /** Names of the values in these rows as JSON; null when there are none. */
  readonly namesJson: string | null;
  /** Keys of rows that nobody checks, as JSON; null where a signature or names say what the values are. */
  readonly keysJson: string | null;
}

/** One request's good rows on their way to the engine. */
export interface QueuedRequest {
  readonly wire: WireRows;
  /** On the monotonic clock. */
  readonly deadlineMs: number;
  /** From the request's arrival to its deadline. */
  readonly timeoutMs: number;
  readonly resolve: (predictions: readonly ExactJson[]) => void;
  readonly reject: (error: unknown) => void;
}

/** What waits for one engine: first come, first served, and never more than the limits. */
export class RequestQueue {
  readonly #limits: ServingLimits;
  #waiting: QueuedRequest[] = [];
  #rowCount = 0;
  #rowsPerMs = 0;

  constructor(limits: ServingLimits) {
    this.#limits = limits;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  get length(): number {
    return this.#waiting.length;
  }

  get rowCount(): number {
    return this.#rowCount;
  }

  /** @throws Failure `QUEUE_FULL` with `details.retryAfterSeconds`. */
  add(request: QueuedRequest): void {
    const isFull =
      this.#waiting.length >= this.#limits.maxQueuedRequests ||
      (this.#waiting.length > 0 && this.#rowCount + request.wire.rowCount > this.#limits.maxQueuedRows);
    if (isFull) throw this.#full();
    this.#waiting.push(request);
    this.#rowCount += request.wire.rowCount;
  }

  /** Takes requests in order while their rows fit `maxRows` and have the same columns, but at least one. */
  take(maxRows: number): QueuedRequest[] {
    let rowCount = 0;
    let count = 0;
    const first = this.#waiting[0]?.wire;
    for (const { wire } of this.#waiting) {
      if (count > 0 && (rowCount + wire.rowCount > maxRows || !haveSameColumns(wire, first))) break;
      rowCount += wire.rowCount;
      count++;
    }
    this.#rowCount -= rowCount;
    return this.#waiting.splice(0, count);
  }

  /** Takes out every request whose deadline has passed. */
  takeExpired(nowMs: number): QueuedRequest[] {
    const expired = this.#waiting.filter((request) => request.deadlineMs <= nowMs);
    if (expired.length === 0) return expired;
    this.#waiting = this.#waiting.filter((request) => request.deadlineMs > nowMs);
    for (const request of expired) this.#rowCount -= request.wire.rowCount;
    return expired;
  }

  /** Infinity when nothing waits. */
  earliestDeadlineMs(): number {
    return this.#waiting.reduce((earliest, request) => Math.min(earliest, request.deadlineMs), Infinity);
  }

  /** Learns from a finished call how soon the queue will be shorter. */
  noteSpeed(rowCount: number, durationMs: number): void {
    const speed = rowCount / Math.max(durationMs, 0.001);
    this.#rowsPerMs = this.#rowsPerMs === 0 ? speed : this.#rowsPerMs + NEWEST_WEIGHT * (speed - this.#rowsPerMs);
  }

  #full(): Failure {
    const waitSeconds = this.#rowsPerMs === 0 ? 0 : Math.ceil(this.#rowCount / this.#rowsPerMs / 1000);
    const retryAfterSeconds = Math.min(Math.max(waitSeconds, RETRY_SECONDS.min), RETRY_SECONDS.max);
    return new Failure("QUEUE_FULL", {
      message: `The model's queue is full: ${this.#waiting.length} requests with ${this.#rowCount} rows are waiting.`,
      hint: `Try again in ${retryAfterSeconds} s.`,
      details: { retryAfterSeconds },
    });
  }
}

/** In one table each of two requests would get the other's columns, and be answered otherwise than alone. */
function haveSameColumns(one: WireRows, other: WireRows | undefined): boolean {
  return one.namesJson === other?.namesJson && one.keysJson === other.keysJson;
}
