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
    const each = (sample: (one: ModelStatistics) => number) =>
      all.map((one) => ({ labels: labelsOf(one), value: sample(one) }));
    return [
      family(
        "modelwright_requests_total",
        "counter",
        "Requests that a model was asked, by how they ended.",
        all.flatMap((one) => requestSamples(one, statusOf)),
      ),
      family(
        "modelwright_rows_total",
        "counter",
        "Rows that a model was asked.",
        each(({ rowCount }) => rowCount),
      ),
      family(
        "modelwright_row_errors_total",
        "counter",
        "Rows that were refused for what was wrong with them.",
        each(({ rowErrorCount }) => rowErrorCount),
      ),
      family(
        "modelwright_request_duration_seconds",
        "histogram",
        "Time from a request's rows to its answer.",
        all.flatMap((one) => one.durations.samples(labelsOf(one))),
      ),
      family(
        "modelwright_batch_rows",
        "histogram",
        "Rows that went to the model in one call.",
        all.flatMap((one) => one.batches.samples(labelsOf(one))),
      ),
      family(
        "modelwright_queue_requests",
        "gauge",
        "Requests that wait for the model.",
        each((one) => one.load().queuedRequests),
      ),
      family(
        "modelwright_queue_rows",
        "gauge",
        "Rows of the requests that wait.",
        each((one) => one.load().queuedRows),
      ),
      family(
        "modelwright_requests_in_flight",
        "gauge",
        "Requests that are not answered yet, waiting ones included.",
        each((one) => one.load().requestsInFlight),
      ),
    ];
  }
}

function family(
  name: string,
  type: MetricFamily["type"],
  help: string,
  samples: readonly MetricSample[],
): MetricFamily {
  return { name, type, help, samples };
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
