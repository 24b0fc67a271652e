import { ERROR_CODES, type ErrorCode } from "../../kernel/error-codes.ts";
import type { MetricFamily, StatusOf } from "../../model/ports/metrics.ts";
import { STATUS } from "../status.ts";

/** Requests that were answered with an error, also those that never came to a model. */
export class FailureCounts {
  readonly #counts = new Map<ErrorCode, number>();

  count(code: ErrorCode): void {
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1);
  }

  family(): MetricFamily {
    const samples = [...this.#counts].map(([code, value]) => {
      return { labels: { status: String(statusOf(code)), code }, value };
    });
    const help = "Requests that were answered with an error, also those that never came to a model.";
    return { name: "modelwright_http_errors_total", type: "counter", help, samples };
  }
}

export const statusOf: StatusOf = (outcome) => {
  if (outcome === "ANSWERED") return 200;
  return outcome === "ROWS_REFUSED" ? 422 : STATUS[ERROR_CODES[outcome].kind];
};
