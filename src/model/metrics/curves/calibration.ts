import type { ClassScores } from "../scores/share-scores.ts";

/** Rows with about the same probability: what was predicted, and how many were of the class. */
export interface CalibrationBin {
  readonly rowCount: number;
  readonly meanPredicted: number;
  readonly observedShare: number;
}

export const CALIBRATION_BINS = 10;

/**
 * Ten bins of equal width, those without rows left out. A probability on an edge is in the lower bin.
 * Source: scikit-learn, `calibration_curve` with `n_bins=10, strategy="uniform"`.
 */
export function calibrationBins({ shares, isOf }: Pick<ClassScores, "shares" | "isOf">): readonly CalibrationBin[] {
  const counts = new Float64Array(CALIBRATION_BINS);
  const predicted = new Float64Array(CALIBRATION_BINS);
  const observed = new Float64Array(CALIBRATION_BINS);
  // As NumPy computes them: 3 × 0.1 is not 0.3.
  const edges = Array.from({ length: CALIBRATION_BINS - 1 }, (_, index) => (index + 1) * (1 / CALIBRATION_BINS));
  for (const [row, share] of shares.entries()) {
    const found = edges.findIndex((edge) => share <= edge);
    const bin = found === -1 ? CALIBRATION_BINS - 1 : found;
    counts[bin] = (counts[bin] ?? 0) + 1;
    predicted[bin] = (predicted[bin] ?? 0) + share;
    observed[bin] = (observed[bin] ?? 0) + (isOf[row] ?? 0);
  }
  return [...counts].flatMap((rowCount, bin) =>
    rowCount === 0
      ? []
      : [
          {
            rowCount,
            meanPredicted: (predicted[bin] ?? 0) / rowCount,
            observedShare: (observed[bin] ?? 0) / rowCount,
          },
        ],
  );
}
