import type { ExactJson } from "../model/ports/predictor.ts";

/**
 * A value of an array as rows have it: infinities as words, `NaN` as null like an empty cell of a table, or as the word where
 * the signature's column takes no null.
 */
export function rowValue(value: ExactJson, keepsNaN: boolean): ExactJson {
  if (typeof value === "number" && !Number.isFinite(value))
    return Number.isNaN(value) ? (keepsNaN ? "NaN" : null) : String(value);
  if (Array.isArray(value)) return (value as readonly ExactJson[]).map((item) => rowValue(item, keepsNaN));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, rowValue(field, keepsNaN)]));
  return value;
}
