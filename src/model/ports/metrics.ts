import type { ErrorCode } from "../../kernel/error-codes.ts";

/** One number with its labels. */
export interface MetricSample {
  /** What follows the family's name: a histogram has buckets, a sum and a count. */
  readonly suffix?: "_bucket" | "_sum" | "_count" | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Numbers of one kind, as Prometheus knows them. */
export interface MetricFamily {
  readonly name: string;
  /** One sentence, for people. */
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly samples: readonly MetricSample[];
}

/** The status of a reply: of a failure by its code, of an answer by whether every row was bad. */
export type StatusOf = (outcome: ErrorCode | "ANSWERED" | "ROWS_REFUSED") => number;

/** What there is to tell now. */
export type MetricsSource = (statusOf: StatusOf) => readonly MetricFamily[];
