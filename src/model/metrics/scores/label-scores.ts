import type { JsonValue } from "../../../kernel/json.ts";
import { isSameLabel } from "../same-label.ts";
import { ClassIndex } from "./class-index.ts";

/** Labels of every row as numbers of classes. */
export interface LabelScores {
  /** Declared classes in their order, then those that occur. */
  readonly classes: readonly JsonValue[];
  readonly truth: Uint32Array;
  readonly predicted: Uint32Array;
  /** 1 where the label is the same. */
  readonly isRight: Uint8Array;
  /** The class that precision, recall and F1 are of; null: their average over the classes is taken. */
  readonly positive: number | null;
}

/** @param known - classes that the signature declares, and the class that is asked about. */
export function labelScores(
  truth: readonly JsonValue[],
  predicted: readonly JsonValue[],
  known: { readonly classes: readonly JsonValue[] | undefined; readonly positive: JsonValue | undefined },
): LabelScores {
  const index = new ClassIndex(known.classes ?? []);
  const truthIndex = Uint32Array.from(truth, (label) => index.indexOf(label));
  const predictedIndex = Uint32Array.from(predicted, (label) => index.indexOf(label));
  const isRight = Uint8Array.from(truth, (label, row) => (isSameLabel(label, predicted[row] ?? null) ? 1 : 0));
  const classes = index.labels;
  const positive = known.positive ?? (known.classes?.length === 2 ? known.classes[1] : undefined);
  const found = positive === undefined ? -1 : classes.findIndex((label) => isSameLabel(label, positive));
  return {
    classes,
    truth: truthIndex,
    predicted: predictedIndex,
    isRight,
    positive: found === -1 || classes.length > 2 ? null : found,
  };
}
