import type { Clock } from "../kernel/clock.ts";
import { Failure } from "../kernel/failure.ts";
import type { Engine } from "../model/ports/engine.ts";
import { deadlineExceeded } from "../model/prediction/deadline-exceeded.ts";
import type { ExactJson } from "../model/ports/predictor.ts";
import { Alarm } from "./alarm.ts";
import { RequestQueue, type QueuedRequest, type WireRows } from "./request-queue.ts";
import type { ServingLimits } from "./serving-limits.ts";

export interface BatcherFields {
  readonly engine: Engine;
  /** False: every request goes to the engine alone, because the model answers many rows otherwise than one. */
  readonly batchable: boolean;
  readonly limits: ServingLimits;
  readonly clock: Clock;
  /** Told the rows of each call before it is made. */
  readonly onCall?: ((rowCount: number) => void) | undefined;
}

/** While a worker works on one call, another may lie ready for it, if that one would gain little by waiting. */
const CALLS_OF_A_WORKER = 2;

/** A model that answers so soon spends less time on a call than the call on its way (measured: 15 % more requests). */
const QUICK_CALL_MS = 1;

/**
 * Brings requests to an engine. What one turn of the event loop brought goes in one call; what comes while the engine
 * is busy waits and then goes in one call too, unless the model is quick. So an idle model never waits for company: not
 * even for the end of the turn, where nobody else can come.
 */
export class Batcher {
  readonly #engine: Engine;
  readonly #clock: Clock;
  readonly #onCall: ((rowCount: number) => void) | undefined;
  readonly #workerCount: number;
  readonly #maxBatchRows: number;
  readonly #queue: RequestQueue;
  readonly #alarm: Alarm;
  readonly #inFlight = new Set<readonly QueuedRequest[]>();
  #isScheduled = false;
  #lastCallMs = Infinity;

  constructor({ engine, batchable, limits, clock, onCall }: BatcherFields) {
    this.#engine = engine;
    this.#onCall = onCall;
    this.#clock = clock;
    this.#workerCount = engine.workerCount;
    this.#maxBatchRows = batchable ? limits.maxBatchRows : 0;
    this.#queue = new RequestQueue(limits);
    this.#alarm = new Alarm(clock, () => this.#expire());
  }

  /**
   * Answers one request's rows, in order.
   * @param isAlone - true when no other request can come in this turn of the event loop.
   * @throws Failure `QUEUE_FULL`, `DEADLINE_EXCEEDED`, and what the engine throws.
   */
  submit(wire: WireRows, timeoutMs: number, isAlone = false): Promise<readonly ExactJson[]> {
    return new Promise((resolve, reject) => {
      const deadlineMs = this.#clock.monotonicMs() + timeoutMs;
      this.#queue.add({ wire, deadlineMs, timeoutMs, resolve, reject });
      if (isAlone && this.#inFlight.size === 0 && this.#queue.length === 1) this.#callEngines();
      else this.#schedule();
      // Last, so that the model has begun.
      this.#alarm.set(deadlineMs);
    });
  }

  /** What waits now. */
  get waiting(): { readonly queuedRequests: number; readonly queuedRows: number } {
    return { queuedRequests: this.#queue.length, queuedRows: this.#queue.rowCount };
  }

  /** Rejects what waits. What the engine has is the engine's to answer. */
  rejectWaiting(error: Failure): void {
    for (const request of this.#queue.take(Infinity)) request.reject(error);
  }

  #schedule(): void {
    if (this.#isScheduled || !this.#mayCall()) return;
    this.#isScheduled = true;
    // After the poll phase: every request that arrived in this turn is then in the queue.
    setImmediate(() => {
      this.#isScheduled = false;
      this.#expireWaiting(this.#clock.monotonicMs());
      this.#callEngines();
    });
  }

  #callEngines(): void {
    while (this.#mayCall()) void this.#callEngine(this.#queue.take(this.#rowsOfNextCall()));
  }

  /** Workers that idle share what there is, unless the model is so quick that a second call would only cost more. */
  #rowsOfNextCall(): number {
    const idleCount = this.#workerCount - this.#inFlight.size;
    if (idleCount <= 1 || this.#lastCallMs < QUICK_CALL_MS) return this.#maxBatchRows;
    return Math.min(this.#maxBatchRows, Math.ceil(this.#queue.rowCount / idleCount));
  }

  #mayCall(): boolean {
    if (this.#queue.isEmpty || this.#inFlight.size < this.#workerCount) return !this.#queue.isEmpty;
    if (this.#inFlight.size === this.#workerCount * CALLS_OF_A_WORKER) return false;
    return this.#lastCallMs < QUICK_CALL_MS || this.#queue.rowCount >= this.#maxBatchRows;
  }

  async #callEngine(batch: readonly QueuedRequest[]): Promise<void> {
    this.#inFlight.add(batch);
    await this.#send(batch);
    this.#inFlight.delete(batch);
    this.#schedule();
    if (this.#queue.isEmpty && this.#inFlight.size === 0) this.#alarm.clear();
  }

  /** Never throws: every request of the batch is answered or rejected for itself. */
  async #send(batch: readonly QueuedRequest[]): Promise<void> {
    const startMs = this.#clock.monotonicMs();
    const { rowsJson, rowCount, latestMs } = joinBatch(batch);
    this.#onCall?.(rowCount);
    try {
      // The engine works for the most patient; the alarm answers the others in time.
      const predictions = await this.#engine.predict(rowsJson, rowCount, {
        timeoutMs: Math.ceil(latestMs - startMs),
        namesJson: batch[0]?.wire.namesJson ?? null,
      });
      if (predictions.length !== rowCount) throw wrongCount(rowCount, predictions.length);
      this.#lastCallMs = this.#clock.monotonicMs() - startMs;
      this.#queue.noteSpeed(rowCount, this.#lastCallMs);
      shareOut(batch, predictions);
    } catch (error) {
      if (batch.length === 1 || !isFaultOfRows(error)) for (const request of batch) request.reject(error);
      else await this.#sendHalves(batch);
    }
  }

  /** One guilty request must not fail its neighbours: halving finds it in few calls. */
  async #sendHalves(batch: readonly QueuedRequest[]): Promise<void> {
    const middle = Math.ceil(batch.length / 2);
    for (const half of [batch.slice(0, middle), batch.slice(middle)]) {
      const nowMs = this.#clock.monotonicMs();
      const inTime = half.filter((request) => !rejectIfLate(request, nowMs));
      if (inTime.length > 0) await this.#send(inTime);
    }
  }

  /** Answers the requests whose time is up, waiting or in flight. An answer that comes later goes nowhere. */
  #expire(): void {
    const nowMs = this.#clock.monotonicMs();
    this.#expireWaiting(nowMs);
    for (const request of [...this.#inFlight].flat())
      if (!rejectIfLate(request, nowMs)) this.#alarm.set(request.deadlineMs);
    this.#alarm.set(this.#queue.earliestDeadlineMs());
  }

  #expireWaiting(nowMs: number): void {
    for (const request of this.#queue.takeExpired(nowMs)) rejectIfLate(request, nowMs);
  }
}

interface Joined {
  /** All rows as JSON. */
  readonly rowsJson: string;
  readonly rowCount: number;
  /** The last of the deadlines. */
  readonly latestMs: number;
}

function joinBatch(batch: readonly QueuedRequest[]): Joined {
  let rows = "";
  let rowCount = 0;
  let latestMs = 0;
  for (const { wire, deadlineMs } of batch) {
    rows += rowCount === 0 ? wire.rowsJson : `,${wire.rowsJson}`;
    rowCount += wire.rowCount;
    latestMs = Math.max(latestMs, deadlineMs);
  }
  return { rowsJson: `[${rows}]`, rowCount, latestMs };
}

const FAULTS_OF_ROWS: ReadonlySet<string> = new Set(["MODEL_FAILED", "PREDICTION_MISMATCH", "REQUEST_MALFORMED"]);

function wrongCount(rowCount: number, predictionCount: number): Failure {
  const message = `The model answered ${rowCount} rows with ${predictionCount} predictions.`;
  return new Failure("PREDICTION_MISMATCH", { message });
}

/** True when the rows are to blame, so that other rows may do better. */
function isFaultOfRows(error: unknown): boolean {
  return error instanceof Failure && FAULTS_OF_ROWS.has(error.code);
}

function shareOut(batch: readonly QueuedRequest[], predictions: readonly ExactJson[]): void {
  let from = 0;
  for (const { resolve, wire } of batch) {
    resolve(batch.length === 1 ? predictions : predictions.slice(from, from + wire.rowCount));
    from += wire.rowCount;
  }
}

function rejectIfLate(request: QueuedRequest, nowMs: number): boolean {
  if (request.deadlineMs > nowMs) return false;
  request.reject(deadlineExceeded(request.timeoutMs));
  return true;
}
