import type { RankedScores } from "../formulas/ranked-scores.ts";
import type { CurvePoint } from "./curve.ts";

/** Rows that a threshold takes in, from the highest to the lowest: of the class, and of the rest. */
interface Taken {
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
}

function takenByThresholds({ isOf, isEndOfTie }: RankedScores): Taken {
  const taken = { positives: [] as number[], negatives: [] as number[] };
  let [positives, negatives] = [0, 0];
  for (let place = 0; place < isOf.length; place++) {
    if (isOf[place] === 1) positives++;
    else negatives++;
    if (isEndOfTie[place] === 0) continue;
    taken.positives.push(positives);
    taken.negatives.push(negatives);
  }
  return taken;
}

/**
 * False positive rate and true positive rate at every threshold, from (0, 0) to (1, 1).
 * Source: scikit-learn, `roc_curve` with `drop_intermediate=False`.
 */
export function rocCurve(ranked: RankedScores): readonly CurvePoint[] {
  const { positives, negatives } = takenByThresholds(ranked);
  const [allPositives, allNegatives] = [positives.at(-1) ?? 0, negatives.at(-1) ?? 0];
  const points = positives.map((count, index): CurvePoint => [
    (negatives[index] ?? 0) / allNegatives,
    count / allPositives,
  ]);
  return [[0, 0], ...points];
}

/**
 * Recall and precision at every threshold, from the lowest recall to 1, begun at recall 0 and precision 1.
 * Source: scikit-learn, `precision_recall_curve`.
 */
export function precisionRecallCurve(ranked: RankedScores): readonly CurvePoint[] {
  const { positives, negatives } = takenByThresholds(ranked);
  const all = positives.at(-1) ?? 0;
  const points = positives.map((count, index): CurvePoint => [count / all, count / (count + (negatives[index] ?? 0))]);
  return [[0, 1], ...points];
}

/**
 * Precisions weighted by the recall that each threshold adds: Σ (Rᵢ − Rᵢ₋₁) Pᵢ.
 * Source: scikit-learn, `average_precision_score`. @param curve - every point, not thinned.
 */
export function averagePrecision(curve: readonly CurvePoint[]): number {
  return curve.reduce((sum, [recall, precision], index) => {
    const [before = 0] = curve[index - 1] ?? [];
    return sum + (recall - before) * precision;
  }, 0);
}
