import type { ErrorCode } from "../../kernel/error-codes.ts";
import { Failure } from "../../kernel/failure.ts";
import type { PredictReply } from "../../model/prediction/predict-reply.ts";
import { Histogram } from "./histogram.ts";

const DURATION_BOUNDS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const BATCH_BOUNDS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 1_024, 10_000];

export type Outcome = ErrorCode | "ANSWERED" | "ROWS_REFUSED";

/** What waits for a model and what it works on, now. */
export interface ModelLoad {
  readonly queuedRequests: number;
  readonly queuedRows: number;
  readonly requestsInFlight: number;
}

/** What one version of a model has done. Counting a request takes a few additions and no memory. */
export class ModelStatistics {
  readonly model: string;
  readonly version: string;
  readonly durations = new Histogram(DURATION_BOUNDS_S);
  readonly batches = new Histogram(BATCH_BOUNDS);
  rowCount = 0;
  rowErrorCount = 0;
  readonly #failures = new Map<ErrorCode, number>();
  readonly #loadNow: () => ModelLoad;
  #answeredCount = 0;
  #refusedCount = 0;

  constructor(subject: { readonly model: string; readonly version: string; readonly loadNow: () => ModelLoad }) {
    this.model = subject.model;
    this.version = subject.version;
    this.#loadNow = subject.loadNow;
  }

  countReply({ predictions, errors }: PredictReply, rowCount: number, durationMs: number): void {
    this.rowCount += rowCount;
    if (errors !== null) this.rowErrorCount += rowCount - predictions.length;
    if (errors !== null && predictions.length === 0) this.#refusedCount++;
    else this.#answeredCount++;
    this.durations.observe(durationMs / 1000);
  }

  countFailure(error: unknown, rowCount: number, durationMs: number): void {
    const code = error instanceof Failure ? error.code : "INTERNAL";
    this.#failures.set(code, (this.#failures.get(code) ?? 0) + 1);
    this.rowCount += rowCount;
    this.durations.observe(durationMs / 1000);
  }

  /** Requests by how they ended. */
  outcomes(): readonly (readonly [Outcome, number])[] {
    const refused = this.#refusedCount === 0 ? [] : [["ROWS_REFUSED", this.#refusedCount] as const];
    return [["ANSWERED", this.#answeredCount], ...refused, ...this.#failures];
  }

  load(): ModelLoad {
    return this.#loadNow();
  }

  /** Adds what the same version has done before it was loaded anew: counters never go back. */
  add(before: ModelStatistics): void {
    this.durations.add(before.durations);
    this.batches.add(before.batches);
    this.rowCount += before.rowCount;
    this.rowErrorCount += before.rowErrorCount;
    this.#answeredCount += before.#answeredCount;
    this.#refusedCount += before.#refusedCount;
    for (const [code, count] of before.#failures) this.#failures.set(code, (this.#failures.get(code) ?? 0) + count);
  }
}
