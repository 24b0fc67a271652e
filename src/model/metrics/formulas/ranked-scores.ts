import type { ClassScores } from "../scores/share-scores.ts";

/** The rows of one class against the rest, from the highest score to the lowest. */
export interface RankedScores {
  /** Row numbers in that order. */
  readonly order: Uint32Array;
  /** 1 where the score is the last of equal ones: a threshold can only lie behind it. */
  readonly isEndOfTie: Uint8Array;
  /** 1 where the row, in that order, is of the class. */
  readonly isOf: Uint8Array;
}

/** Ranks the rows by score. */
export function rankScores({ shares, isOf }: Pick<ClassScores, "shares" | "isOf">): RankedScores {
  const order = orderOf(shares);
  const isEndOfTie = new Uint8Array(order.length);
  const ranked = new Uint8Array(order.length);
  for (let place = 0; place < order.length; place++) {
    const row = order[place] ?? 0;
    ranked[place] = isOf[row] ?? 0;
    const next = order[place + 1];
    isEndOfTie[place] = next === undefined || shares[next] !== shares[row] ? 1 : 0;
  }
  return { order, isEndOfTie, isOf: ranked };
}

/**
 * Row numbers by falling score. Sorting plain numbers is ten times faster than sorting by a function, so each row is put
 * where its score stands among the sorted ones.
 */
function orderOf(shares: Float64Array): Uint32Array {
  const sorted = shares.toSorted();
  const last = sorted.length - 1;
  const order = new Uint32Array(shares.length);
  const taken = new Uint32Array(shares.length);
  for (let row = 0; row < shares.length; row++) {
    const first = lowerBound(sorted, shares[row] ?? 0);
    const place = first + (taken[first] ?? 0);
    taken[first] = (taken[first] ?? 0) + 1;
    order[last - place] = row;
  }
  return order;
}

/** Where the first value that is not below `value` stands. */
function lowerBound(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Area under the ROC curve: the share of pairs of a row of the class and one of the rest in which the former has the
 * higher score, equal scores counting half. NaN when there are no such pairs.
 * Source: scikit-learn, `roc_auc_score`; J. A. Hanley and B. J. McNeil, Radiology 143 (1982), 29–36.
 * @param weights - how often each row counts; null: once.
 */
export function rocAuc({ order, isEndOfTie, isOf }: RankedScores, weights: Uint16Array | null): number {
  let [positives, negatives, pairs] = [0, 0, 0];
  let [tiedPositives, tiedNegatives] = [0, 0];
  for (let place = 0; place < order.length; place++) {
    const weight = weights === null ? 1 : (weights[order[place] ?? 0] ?? 0);
    if (isOf[place] === 1) tiedPositives += weight;
    else tiedNegatives += weight;
    if (isEndOfTie[place] === 0) continue;
    pairs += tiedNegatives * (positives + tiedPositives / 2);
    positives += tiedPositives;
    negatives += tiedNegatives;
    tiedPositives = tiedNegatives = 0;
  }
  return pairs / (positives * negatives);
}

/** The plain mean of the areas of each class against the rest; NaN when one of them is. Source: scikit-learn, `roc_auc_score(multi_class="ovr", average="macro")`. */
export function macroRocAuc(classes: readonly RankedScores[], weights: Uint16Array | null): number {
  return classes.reduce((total, ranked) => total + rocAuc(ranked, weights), 0) / classes.length;
}
