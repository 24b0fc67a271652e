import type { Clock } from "../kernel/clock.ts";
import { Failure, messageOf } from "../kernel/failure.ts";
import type { Log } from "../kernel/log.ts";
import type { RowSet } from "../model/ports/predictor.ts";
import { toPlainJson } from "../model/prediction/exact-json.ts";
import type { PredictReply } from "../model/prediction/predict-reply.ts";
import type { Redaction } from "./redact-rows.ts";

/** Names that a warning lists. */
const LISTED_EXTRAS = 20;

/** How often one model warns of the same thing. */
const WARNING_INTERVAL_MS = 60_000;

export interface PredictionLogFields {
  readonly log: Log;
  readonly clock: Clock;
  /** What part of the requests is logged: 0 none, 1 all, 0.01 every hundredth. */
  readonly share: number;
  readonly model: string;
  readonly version: string;
  readonly digest: string | null;
  /** Null: everything is logged as it is. */
  readonly redaction: Redaction | null;
}

/**
 * Logs what went in, which version answered and what came out as events of their own, tied by `prediction`:
 * so a predict that takes the process with it still leaves its input, and of one that fails is known which.
 */
export class PredictionLog {
  readonly #fields: PredictionLogFields;
  /** Predictions of one process are told apart by a counter, those of two by the time at which the model was loaded. */
  readonly #loadedAt: string;
  #count = 0;
  #due = 0;
  #warnedAtMs = -Infinity;

  constructor(fields: PredictionLogFields) {
    this.#fields = fields;
    this.#loadedAt = fields.clock.now().getTime().toString(36);
  }

  /** Logs version and input before the model is called. Null: this request is not logged. */
  begin({ rows, names }: RowSet): string | null {
    const { share, log, model, version, digest, redaction } = this.#fields;
    if (share <= 0) return null;
    this.#due += share;
    if (this.#due < 1) return null;
    this.#due -= 1;
    const prediction = `${this.#loadedAt}-${++this.#count}`;
    log("info", "prediction.version", { prediction, model, version, digest });
    const plain = rows.map(toPlainJson);
    const shown = redaction === null ? plain : plain.map((row) => redaction.row(row, names));
    const input = { rows: shown, ...(names === undefined ? {} : { names }) };
    log("info", "prediction.input", { prediction, model, ...input });
    return prediction;
  }

  end(prediction: string | null, reply: PredictReply): void {
    if (prediction === null) return;
    const { log, model, redaction } = this.#fields;
    const plain = reply.predictions.map(toPlainJson);
    const predictions = redaction === null ? plain : plain.map((one) => redaction.fields(one));
    log("info", "prediction.output", { prediction, model, ...reply, predictions });
  }

  /** @param error - as it may be shown: what quotes values is to be hidden before. */
  fail(prediction: string | null, error: unknown): void {
    if (prediction === null) return;
    const { log, model, version } = this.#fields;
    const code = error instanceof Failure ? error.code : "INTERNAL";
    log("warn", "prediction.failed", { prediction, model, version, code, message: messageOf(error) });
  }

  /** Warns of names that rows have and the signature has not, once a minute at most. */
  warnOfExtras(extras: readonly string[]): void {
    const { log, clock, model } = this.#fields;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#warnedAtMs < WARNING_INTERVAL_MS) return;
    this.#warnedAtMs = nowMs;
    log("warn", "prediction.extraColumnsIgnored", { model, columns: extras.slice(0, LISTED_EXTRAS) });
  }
}
