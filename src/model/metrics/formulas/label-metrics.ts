import type { LabelScores } from "../scores/label-scores.ts";

/** How often each class was true, was predicted, and was both. */
export interface ClassCounts {
  readonly truth: Float64Array;
  readonly predicted: Float64Array;
  readonly hit: Float64Array;
}

/** @param weights - how often each row counts; null: once. */
export function countClasses(
  { classes, truth, predicted, isRight }: LabelScores,
  weights: Uint16Array | null,
): ClassCounts {
  const counts = {
    truth: new Float64Array(classes.length),
    predicted: new Float64Array(classes.length),
    hit: new Float64Array(classes.length),
  };
  for (let row = 0; row < truth.length; row++) {
    const weight = weights === null ? 1 : (weights[row] ?? 0);
    if (weight === 0) continue;
    const [own, said] = [truth[row] ?? 0, predicted[row] ?? 0];
    add(counts.truth, own, weight);
    add(counts.predicted, said, weight);
    if (isRight[row] === 1) add(counts.hit, own, weight);
  }
  return counts;
}

function add(list: Float64Array, index: number, weight: number): void {
  list[index] = (list[index] ?? 0) + weight;
}

export interface LabelMetrics {
  readonly accuracy: number;
  readonly balanced_accuracy: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/**
 * Metrics of labels, from counts of classes. With c a class, TP its hits, T how often it is true, P how often predicted:
 * accuracy Σ TP / n; balanced accuracy the mean of TP/T over the classes that are true at least once; precision TP/P,
 * recall TP/T, F1 2·TP/(T + P), of the positive class or as the plain mean over the classes that are true or predicted
 * at least once ("macro"). A share of nothing is 0.
 * Source: scikit-learn, `accuracy_score`, `balanced_accuracy_score`, `precision_score`, `recall_score`, `f1_score` with
 * `average="binary"` or `"macro"` and `zero_division=0`.
 */
export function labelMetrics({ truth, predicted, hit }: ClassCounts, positive: number | null): LabelMetrics {
  const classes = [...truth.keys()].filter((index) => (truth[index] ?? 0) + (predicted[index] ?? 0) > 0);
  const asked = positive === null ? classes : [positive];
  const at = (list: Float64Array, index: number): number => list[index] ?? 0;
  const recallOf = (index: number): number => share(at(hit, index), at(truth, index));
  const true_ = classes.filter((index) => at(truth, index) > 0);
  return {
    accuracy: share(sum(hit), sum(truth)),
    balanced_accuracy: meanOver(true_, recallOf),
    precision: meanOver(asked, (index) => share(at(hit, index), at(predicted, index))),
    recall: meanOver(asked, recallOf),
    f1: meanOver(asked, (index) => share(2 * at(hit, index), at(truth, index) + at(predicted, index))),
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function sum(list: Float64Array): number {
  return list.reduce((total, value) => total + value, 0);
}

function meanOver(indexes: readonly number[], valueOf: (index: number) => number): number {
  return indexes.reduce((total, index) => total + valueOf(index), 0) / indexes.length;
}
