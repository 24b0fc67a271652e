import type { MetricFamily, MetricSample, StatusOf } from "../../model/ports/metrics.ts";
import type { ModelStatistics } from "./model-statistics.ts";

/** Versions of a model, the newest last, whose counts are kept after another has taken over. */
const KEPT_VERSIONS = 20;

/** Statistics of the versions that a server serves and has served. */
export class StatisticsArchive {
  readonly #ofModel = new Map<string, ModelStatistics[]>();

  /** A version begins to serve, for the first time or again. */
  add(statistics: ModelStatistics): void {
    const { model, version } = statistics;
    const kept = this.#ofModel.get(model) ?? [];
    const before = kept.find((one) => one.version === version);
    if (before !== undefined) statistics.add(before);
    const others = kept.filter((one) => one !== before);
    this.#ofModel.set(model, [...others, statistics].slice(-KEPT_VERSIONS));
  }

  families(statusOf: StatusOf): readonly MetricFamily[] {
    const all = [...this.#ofModel.values()].flat();
    return FAMILIES.map(({ samplesOf, ...family }) => ({
      ...family,
      samples: all.flatMap((one) => samplesOf(one, statusOf)),
    }));
  }
}

interface StatisticsFamily extends Omit<MetricFamily, "samples"> {
  readonly samplesOf: (one: ModelStatistics, statusOf: StatusOf) => readonly MetricSample[];
}

const FAMILIES: readonly StatisticsFamily[] = [
  {
    name: "modelwright_requests_total",
    type: "counter",
    help: "Requests that a model was asked, by how they ended.",
    samplesOf: requestSamples,
  },
  {
    name: "modelwright_rows_total",
    type: "counter",
    help: "Rows that a model was asked.",
    samplesOf: single(({ rowCount }) => rowCount),
  },
  {
    name: "modelwright_row_errors_total",
    type: "counter",
    help: "Rows that were refused for what was wrong with them.",
    samplesOf: single(({ rowErrorCount }) => rowErrorCount),
  },
  {
    name: "modelwright_request_duration_seconds",
    type: "histogram",
    help: "Time from a request's rows to its answer.",
    samplesOf: (one) => one.durations.samples(labelsOf(one)),
  },
  {
    name: "modelwright_batch_rows",
    type: "histogram",
    help: "Rows that went to the model in one call.",
    samplesOf: (one) => one.batches.samples(labelsOf(one)),
  },
  {
    name: "modelwright_queue_requests",
    type: "gauge",
    help: "Requests that wait for the model.",
    samplesOf: single((one) => one.load().queuedRequests),
  },
  {
    name: "modelwright_queue_rows",
    type: "gauge",
    help: "Rows of the requests that wait.",
    samplesOf: single((one) => one.load().queuedRows),
  },
  {
    name: "modelwright_requests_in_flight",
    type: "gauge",
    help: "Requests that are not answered yet, waiting ones included.",
    samplesOf: single((one) => one.load().requestsInFlight),
  },
];

/** One sample of each version. */
function single(value: (one: ModelStatistics) => number): StatisticsFamily["samplesOf"] {
  return (one) => [{ labels: labelsOf(one), value: value(one) }];
}

function labelsOf({ model, version }: ModelStatistics): { readonly model: string; readonly version: string } {
  return { model, version };
}

function requestSamples(one: ModelStatistics, statusOf: StatusOf): readonly MetricSample[] {
  return one.outcomes().map(([outcome, value]) => {
    const code = outcome === "ANSWERED" || outcome === "ROWS_REFUSED" ? "" : outcome;
    return { labels: { ...labelsOf(one), status: String(statusOf(outcome)), code }, value };
  });
}
