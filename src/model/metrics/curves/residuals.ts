import { histogramOf, type Histogram } from "./histogram.ts";

/** How the errors of predicted values lie. A residual is the true value less the predicted one. */
export interface Residuals {
  readonly histogram: Histogram | null;
  /** Predicted value and residual of an even share of the rows. */
  readonly points: readonly (readonly [predicted: number, residual: number])[];
}

const BINS = 30;
const MAX_POINTS = 500;

export function residualsOf(truth: Float64Array, predicted: Float64Array): Residuals {
  const residuals = truth.map((value, row) => value - (predicted[row] ?? Number.NaN));
  const count = Math.min(MAX_POINTS, truth.length);
  const points = Array.from({ length: count }, (_, index): readonly [number, number] => {
    const row = Math.floor((index * truth.length) / count);
    return [predicted[row] ?? 0, residuals[row] ?? 0];
  });
  return { histogram: histogramOf(residuals, BINS), points };
}
