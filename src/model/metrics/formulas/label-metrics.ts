import type { LabelScores } from "../scores/label-scores.ts";

/** How often each class was true, was predicted, and was both. */
export interface ClassCounts {
  readonly truth: Float64Array;
  readonly predicted: Float64Array;
  readonly hit: Float64Array;
}

/** Every combination of true class, predicted class and whether they are the same, where these are few. */
const MAX_PAIRED_CLASSES = 64;

/** @returns counts of classes, for rows that count `weights` times; null: once. */
export function classCounter(scores: LabelScores): (weights: Uint16Array | null) => ClassCounts {
  const { classes, truth, predicted, isRight } = scores;
  const size = classes.length;
  if (size > MAX_PAIRED_CLASSES) return (weights) => countRows(scores, weights);
  // One number a row, so that counting again and again touches one cell a row.
  const cells = Uint32Array.from(truth, (own, row) => (own * size + (predicted[row] ?? 0)) * 2 + (isRight[row] ?? 0));
  return (weights) => countCells(cells, size, weights);
}

function countCells(cells: Uint32Array, size: number, weights: Uint16Array | null): ClassCounts {
  const table = new Float64Array(2 * size * size);
  for (let row = 0; row < cells.length; row++) add(table, cells[row] ?? 0, weights === null ? 1 : (weights[row] ?? 0));
  const counts = noCounts(size);
  for (const [cell, count] of table.entries()) {
    const own = Math.floor(cell / 2 / size);
    add(counts.truth, own, count);
    add(counts.predicted, (cell >> 1) % size, count);
    if (cell % 2 === 1) add(counts.hit, own, count);
  }
  return counts;
}

function countRows({ classes, truth, predicted, isRight }: LabelScores, weights: Uint16Array | null): ClassCounts {
  const counts = noCounts(classes.length);
  for (let row = 0; row < truth.length; row++) {
    const weight = weights === null ? 1 : (weights[row] ?? 0);
    add(counts.truth, truth[row] ?? 0, weight);
    add(counts.predicted, predicted[row] ?? 0, weight);
    if (isRight[row] === 1) add(counts.hit, truth[row] ?? 0, weight);
  }
  return counts;
}

function noCounts(size: number): ClassCounts {
  return { truth: new Float64Array(size), predicted: new Float64Array(size), hit: new Float64Array(size) };
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
