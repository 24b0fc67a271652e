import { isJsonObject, type JsonValue } from "../../../kernel/json.ts";
import type { OutputColumn } from "../../definition/signature.ts";
import type { RankedScores } from "../formulas/ranked-scores.ts";
import type { ClassChoice } from "../read-output.ts";
import { isSameLabel, readNumber } from "../same-label.ts";
import { ClassIndex } from "./class-index.ts";

/** How sure the model was of one class, against all others. */
export interface ClassScores {
  readonly label: JsonValue;
  /** A probability a row. */
  readonly shares: Float64Array;
  /** 1 where the row is of the class. */
  readonly isOf: Uint8Array;
}

/** Rows of one class against the rest, also by rank. */
export interface RankedClass extends ClassScores {
  readonly ranked: RankedScores;
}

/**
 * Probabilities of the classes that curves can be drawn of: the positive one of two, or all of more than two.
 * Null when the predictions do not give all of them.
 * @param values - each a number (of `positive`), a list over `classes` or an object by class.
 */
export function shareScores(
  values: readonly JsonValue[],
  truth: readonly JsonValue[],
  { classes, positive }: ClassChoice,
): readonly ClassScores[] | null {
  const asked = askedClasses(classes, positive);
  if (asked === null) return null;
  const index = new ClassIndex(classes ?? []);
  const truthIndex = truth.map((label) => index.indexOf(label));
  const scores: ClassScores[] = [];
  for (const label of asked) {
    const shares = sharesOf(values, label, { classes, positive });
    if (shares === null) return null;
    const own = index.indexOf(label);
    scores.push({ label, shares, isOf: Uint8Array.from(truthIndex, (one) => (one === own ? 1 : 0)) });
  }
  return scores;
}

function askedClasses(classes: OutputColumn["classes"], positive: JsonValue | undefined): readonly JsonValue[] | null {
  if (classes !== undefined && classes.length > 2) return classes;
  return positive === undefined ? null : [positive];
}

function sharesOf(
  values: readonly JsonValue[],
  label: JsonValue,
  { classes, positive }: ClassChoice,
): Float64Array | null {
  const place = classes?.findIndex((candidate) => isSameLabel(candidate, label)) ?? -1;
  const key = String(classes?.[place]);
  const isPositive = positive !== undefined && isSameLabel(label, positive);
  const shares = new Float64Array(values.length);
  for (const [row, value] of values.entries()) {
    const share = Array.isArray(value)
      ? (value as readonly JsonValue[])[place]
      : isJsonObject(value)
        ? value[key]
        : isPositive
          ? value
          : undefined;
    const number = readNumber(share);
    if (number === null || number < 0 || number > 1) return null;
    shares[row] = number;
  }
  return shares;
}
