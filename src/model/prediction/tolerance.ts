import { isJsonObject, type JsonValue } from "../../kernel/json.ts";
import type { ExactJson } from "../ports/predictor.ts";
import { toPlainJson } from "./exact-json.ts";

/** How far two answers of the same model may lie apart (CONTRACTS: proof). */
export interface Tolerance {
  /** Relative difference of floats: |a − b| ≤ relative × max(|a|, |b|), with `absolute` as the floor near zero. */
  readonly relative: number;
  readonly absolute: number;
  /** Share of labels (strings, booleans, integers) that may differ: 0 to 1. */
  readonly labels: number;
}

/** Same environment digest and processor architecture. */
export const SAME_ENVIRONMENT: Tolerance = { relative: 1e-6, absolute: 1e-12, labels: 0 };
/** Same environment, single-precision model. */
export const SAME_ENVIRONMENT_FLOAT32: Tolerance = { relative: 1e-4, absolute: 1e-7, labels: 0 };
/** Another environment digest or architecture. */
export const OTHER_ENVIRONMENT: Tolerance = { relative: 1e-4, absolute: 1e-9, labels: 0.001 };

/** One place where two lists of predictions differ by more than the tolerance. */
export interface Difference {
  readonly row: number;
  readonly expected: JsonValue;
  readonly actual: JsonValue;
}

export interface Comparison {
  readonly equal: boolean;
  readonly differences: readonly Difference[];
}

/**
 * Compares two lists of predictions row by row, however deep the predictions are nested.
 * Floats differ by tolerance; anything else is a label and must be equal in all but `tolerance.labels` of the rows.
 */
export function comparePredictions(
  expected: readonly ExactJson[],
  actual: readonly ExactJson[],
  tolerance: Tolerance,
): Comparison {
  const differences: Difference[] = [];
  const labelDifferences: Difference[] = [];
  const length = Math.max(expected.length, actual.length);
  for (let row = 0; row < length; row++) {
    const [left, right] = [expected[row] ?? null, actual[row] ?? null];
    const isInBoth = row < expected.length && row < actual.length;
    const verdict = isInBoth ? compareValues(left, right, tolerance) : "different";
    if (verdict === "equal") continue;
    const difference = { row, expected: toPlainJson(left), actual: toPlainJson(right) };
    if (verdict === "different") differences.push(difference);
    else labelDifferences.push(difference);
  }
  if (labelDifferences.length > tolerance.labels * length) differences.push(...labelDifferences);
  differences.sort((a, b) => a.row - b.row);
  return { equal: differences.length === 0, differences };
}

type Verdict = "equal" | "label" | "different";

function compareValues(a: ExactJson, b: ExactJson, tolerance: Tolerance): Verdict {
  if (typeof a === "number" && typeof b === "number") return compareNumbers(a, b, tolerance);
  // A large integer that one side read as a double: equal as far as a double can tell.
  if (typeof a === "bigint" && typeof b === "number") return Number(a) === b ? "equal" : "label";
  if (typeof a === "number" && typeof b === "bigint") return a === Number(b) ? "equal" : "label";
  if (Array.isArray(a) && Array.isArray(b)) {
    const [left, right] = [a as readonly ExactJson[], b as readonly ExactJson[]];
    if (left.length !== right.length) return "different";
    return worst(left.map((value, index) => compareValues(value, right[index] ?? null, tolerance)));
  }
  if (isJsonObject(a) && isJsonObject(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return worst(
      [...keys].map((key) =>
        key in a && key in b ? compareValues(a[key] ?? null, b[key] ?? null, tolerance) : "different",
      ),
    );
  }
  return a === b ? "equal" : "label";
}

function compareNumbers(a: number, b: number, tolerance: Tolerance): Verdict {
  if (a === b) return "equal";
  const gap = Math.abs(a - b);
  if (gap <= Math.max(tolerance.absolute, tolerance.relative * Math.max(Math.abs(a), Math.abs(b)))) return "equal";
  return Number.isInteger(a) && Number.isInteger(b) ? "label" : "different";
}

function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("different")) return "different";
  return verdicts.includes("label") ? "label" : "equal";
}
