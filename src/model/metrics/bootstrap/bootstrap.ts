import { randomRows } from "./random-rows.ts";

/** How far a metric would vary over other samples of as many rows. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** How intervals were computed. */
export interface BootstrapPlan {
  readonly method: "percentile";
  /** Share of resamples within the interval. */
  readonly level: number;
  readonly resamples: number;
  readonly seed: number;
}

const LEVEL = 0.95;
const SEED = 42;
const MOST_RESAMPLES = 1_000;
/** The ends of an interval are the fifth lowest and highest value then. */
const LEAST_RESAMPLES = 200;
/** Rows drawn in all: what a second is enough for. */
const MAX_DRAWS = 10_000_000;

/** Fewer resamples for more rows, whose intervals are narrow anyway. */
export function planBootstrap(rowCount: number): BootstrapPlan {
  const affordable = Math.floor(MAX_DRAWS / Math.max(rowCount, 1));
  const resamples = Math.min(MOST_RESAMPLES, Math.max(LEAST_RESAMPLES, affordable));
  return { method: "percentile", level: LEVEL, resamples, seed: SEED };
}

/** Several metrics that are computed together; NaN where a resample does not define one. @param weights - how often each row counts. */
export type WeightedMetrics = (weights: Uint16Array) => readonly number[];

/**
 * Percentile bootstrap: draws as many rows with replacement, computes the metrics anew, and cuts off the same share at
 * both ends. Rows are counted instead of copied, and all metrics share the draws.
 * Source: B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap (1993), chapter 13.
 * @returns one list a group; null where more than one resample in ten does not define the metric.
 */
export function bootstrapIntervals(
  groups: readonly WeightedMetrics[],
  rowCount: number,
  plan: BootstrapPlan,
): readonly (readonly (Interval | null)[])[] {
  const nextRow = randomRows(plan.seed, rowCount);
  const weights = new Uint16Array(rowCount);
  const values: Float64Array[][] = groups.map(() => []);
  for (let resample = 0; resample < plan.resamples; resample++) {
    weights.fill(0);
    for (let draw = 0; draw < rowCount; draw++) {
      const row = nextRow();
      weights[row] = (weights[row] ?? 0) + 1;
    }
    for (const [group, compute] of groups.entries()) {
      const lists = values[group] ?? [];
      for (const [metric, value] of compute(weights).entries())
        (lists[metric] ??= new Float64Array(plan.resamples).fill(Number.NaN))[resample] = value;
    }
  }
  return values.map((lists) => lists.map((list) => percentileInterval(list, plan.level)));
}

function percentileInterval(values: Float64Array, level: number): Interval | null {
  const sorted = values.filter((value) => Number.isFinite(value)).toSorted();
  if (sorted.length < values.length * 0.9) return null;
  return { low: quantile(sorted, (1 - level) / 2), high: quantile(sorted, (1 + level) / 2) };
}

/** Linear between the two nearest values, as NumPy's default. @param sorted - not empty. */
export function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)] ?? Number.NaN, sorted[Math.ceil(place)] ?? Number.NaN];
  return low + (high - low) * (place - Math.floor(place));
}
