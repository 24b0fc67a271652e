import { mean } from "./means.ts";

/**
 * Share of the variance that the predictions explain: 1 − Σ (yᵢ − ŷᵢ)² / Σ (yᵢ − ȳ)². For truth that is all the same, 1
 * when it is met exactly, else 0. NaN for fewer than two rows. Source: scikit-learn, `r2_score`.
 */
export function rSquared(truth: Float64Array, predicted: Float64Array): number {
  if (truth.length < 2) return Number.NaN;
  const centre = mean(truth);
  const unexplained = mean(truth.map((value, row) => (value - (predicted[row] ?? 0)) ** 2));
  const variance = mean(truth.map((value) => (value - centre) ** 2));
  if (variance === 0) return unexplained === 0 ? 1 : 0;
  return 1 - unexplained / variance;
}

/**
 * Mean absolute error as a share of the true value: (1/n) Σ |yᵢ − ŷᵢ| / |yᵢ|. NaN where a true value is 0: scikit-learn's
 * `mean_absolute_percentage_error`, which is the source, divides by the machine precision then, and the mean says nothing.
 */
export function meanAbsolutePercentageError(truth: Float64Array, predicted: Float64Array): number {
  if (truth.includes(0)) return Number.NaN;
  return mean(truth.map((value, row) => Math.abs((value - (predicted[row] ?? 0)) / value)));
}

/** What the metrics of values are sums of, for counting rows more or less often. */
export interface ValueErrors {
  readonly truth: Float64Array;
  readonly absolute: Float64Array;
}

/** MAE, RMSE, R² and MAPE with rows that count `weights` times; plain sums, exact enough for an interval. */
export function weightedValueMetrics({ truth, absolute }: ValueErrors, weights: Uint16Array): readonly number[] {
  let [count, sum, squares, errors, squaredErrors, shares] = [0, 0, 0, 0, 0, 0];
  // Differences to some value of about the right size keep the variance from drowning in rounding.
  const origin = truth[0] ?? 0;
  for (let row = 0; row < truth.length; row++) {
    const weight = weights[row] ?? 0;
    if (weight === 0) continue;
    const [value, error] = [(truth[row] ?? 0) - origin, absolute[row] ?? 0];
    count += weight;
    sum += weight * value;
    squares += weight * value * value;
    errors += weight * error;
    squaredErrors += weight * error * error;
    shares += (weight * error) / Math.abs(truth[row] ?? 0);
  }
  const variance = squares / count - (sum / count) ** 2;
  const unexplained = squaredErrors / count;
  const explained = variance <= 0 ? Number.NaN : 1 - unexplained / variance;
  return [errors / count, Math.sqrt(unexplained), explained, shares / count];
}
