import type { Column } from "../definition/signature.ts";
import type { ExactJson } from "../ports/predictor.ts";

/** A value as it goes to the model: never an object or a list. */
export type WireValue = string | number | bigint | boolean | null;

/** What is wrong with a value: sentences without a subject. Told from a `WireValue` by being an object. */
export type Problems = readonly string[];

/** True for problems, false for a value that may go to the model. */
export function isProblem(checked: WireValue | Problems): checked is Problems {
  return typeof checked === "object" && checked !== null;
}

export type CheckValue = (value: ExactJson) => WireValue | Problems;

/** Categories beyond this many are counted, not listed, in a message. */
const LISTED_CATEGORIES = 10;

const FLOAT_WORDS = new Map([
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
]);

const MUST_NOT_BE_NULL: Problems = ["must not be null"];
const MUST_BE_NUMBER: Problems = ["must be a number"];
const MUST_BE_INTEGER: Problems = ["must be an integer"];
const MUST_BE_STRING: Problems = ["must be a string"];
const MUST_BE_BOOLEAN: Problems = ["must be true or false"];
const TOO_LARGE: Problems = ["is beyond the largest float"];

/** The check of one column's values, with everything that does not depend on the value decided beforehand. */
export function compileColumn(column: Column): CheckValue {
  const checkType = TYPE_CHECKS[column.type];
  const checkRange = compileRange(column);
  const checkCategory = compileCategories(column);
  const whenNull = column.nullable === true ? null : MUST_NOT_BE_NULL;
  return (value) => {
    if (value === null) return whenNull;
    const wire = checkType(value);
    if (wire === null || isProblem(wire)) return wire;
    const problem = checkRange === null ? null : checkRange(wire);
    if (problem !== null) return problem;
    return checkCategory === null ? wire : checkCategory(wire);
  };
}

const TYPE_CHECKS: Readonly<Record<Column["type"], CheckValue>> = {
  integer: (value) => {
    if (typeof value === "bigint") return value;
    if (typeof value !== "number" || !Number.isInteger(value)) return MUST_BE_INTEGER;
    // 1e21 and more would be written with an exponent, which other languages read as a float.
    return Number.isSafeInteger(value) ? value : BigInt(value);
  },
  float: (value) => {
    if (typeof value === "number") return Number.isFinite(value) ? value : TOO_LARGE;
    if (typeof value === "bigint") return Number.isFinite(Number(value)) ? Number(value) : TOO_LARGE;
    return typeof value === "string" && FLOAT_WORDS.has(value) ? value : MUST_BE_NUMBER;
  },
  string: (value) => (typeof value === "string" ? value : MUST_BE_STRING),
  boolean: (value) => (typeof value === "boolean" ? value : MUST_BE_BOOLEAN),
};

/** Null when the column has no bounds. NaN stands for "not known" and is within any. */
function compileRange({ type, min, max }: Column): ((value: WireValue) => Problems | null) | null {
  if ((type !== "integer" && type !== "float") || (min === undefined && max === undefined)) return null;
  const tooSmall: Problems = [`must be at least ${String(min)}`];
  const tooLarge: Problems = [`must be at most ${String(max)}`];
  const lowest = min ?? -Infinity;
  const highest = max ?? Infinity;
  return (value) => {
    const number = typeof value === "string" ? FLOAT_WORDS.get(value) : value;
    if (typeof number !== "number" && typeof number !== "bigint") return null;
    if (number < lowest) return tooSmall;
    return number > highest ? tooLarge : null;
  };
}

/** Null when any value is let through. */
function compileCategories({
  categories,
  onUnknown = "error",
}: Column): ((value: WireValue) => WireValue | Problems) | null {
  if (categories === undefined || onUnknown === "pass") return null;
  const known = new Set<WireValue>(categories);
  const whenUnknown = onUnknown === "null" ? null : [`must be ${listCategories(categories)}`];
  return (value) => (known.has(value) ? value : whenUnknown);
}

function listCategories(categories: readonly (string | number | boolean)[]): string {
  const listed = categories.slice(0, LISTED_CATEGORIES).map((category) => JSON.stringify(category));
  const rest = categories.length - listed.length;
  return `one of ${listed.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
