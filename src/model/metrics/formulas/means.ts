/*
 * The metrics that the platform computes itself. All lists are equally long and not empty.
 * Definitions: scikit-learn's user guide, "Metrics and scoring"; tests compare with values that scikit-learn computed.
 */

/**
 * Mean negative natural logarithm of the probability given to the true class: −(1/n) Σ ln pᵢ, with p clipped to
 * [ε, 1 − ε], ε the machine precision of a double. Source: scikit-learn, `log_loss` (clipping as documented there;
 * probabilities are not made to sum to one); C. M. Bishop, Pattern Recognition and Machine Learning (2006), p. 209.
 */
export function logLoss(probabilitiesOfTrueClass: Float64Array): number {
  return mean(probabilitiesOfTrueClass.map(lossOf));
}

/** What one row adds to the log loss. */
export function lossOf(probabilityOfTrueClass: number): number {
  return -Math.log(Math.min(Math.max(probabilityOfTrueClass, Number.EPSILON), 1 - Number.EPSILON));
}

/** (1/n) Σ |yᵢ − ŷᵢ|. Source: scikit-learn, `mean_absolute_error`. */
export function meanAbsoluteError(truth: Float64Array, predicted: Float64Array): number {
  return mean(differences(truth, predicted).map(Math.abs));
}

/** √((1/n) Σ (yᵢ − ŷᵢ)²). Source: scikit-learn, `root_mean_squared_error`. */
export function rootMeanSquaredError(truth: Float64Array, predicted: Float64Array): number {
  // Scaled by the largest, so that squares of large differences do not overflow.
  const gaps = differences(truth, predicted).map(Math.abs);
  const largest = gaps.reduce((max, gap) => Math.max(max, gap), 0);
  return largest === 0 ? 0 : largest * Math.sqrt(mean(gaps.map((gap) => (gap / largest) ** 2)));
}

function differences(truth: Float64Array, predicted: Float64Array): Float64Array {
  return truth.map((value, index) => value - (predicted[index] ?? Number.NaN));
}

/** Neumaier's compensated sum: as exact for a million rows as for ten. */
export function mean(values: Float64Array): number {
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return (sum + lost) / values.length;
}
