import type { JsonValue } from "../../kernel/json.ts";

/**
 * True when two labels mean the same class. A data file may hold as text what the model answers as a number or
 * boolean, so labels of different types are compared by what the text says: `"1"` and `1`, `"True"` and `true`,
 * `1` and `true`. Two texts are compared as they are: `"01"` and `"1"` may be two codes.
 */
export function isSameLabel(a: JsonValue, b: JsonValue): boolean {
  if (typeof a === typeof b) return a === b;
  if (typeof a === "string") return saysSame(a, b);
  if (typeof b === "string") return saysSame(b, a);
  return isNumberOrBoolean(a) && isNumberOrBoolean(b) && Number(a) === Number(b);
}

function saysSame(text: string, value: JsonValue): boolean {
  if (typeof value === "boolean") return text.trim().toLowerCase() === String(value);
  return typeof value === "number" && readNumber(text) === value;
}

function isNumberOrBoolean(value: JsonValue): value is number | boolean {
  return typeof value === "number" || typeof value === "boolean";
}

/** A finite number, also where it is written as text; null for anything else. */
export function readNumber(value: JsonValue | undefined): number | null {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : null;
}
