import type { JsonValue } from "../../kernel/json.ts";
import type { Column } from "./signature.ts";

const FLOAT_WORDS: readonly JsonValue[] = ["NaN", "Infinity", "-Infinity"];

/**
 * Why a value that stands in a signature itself (a default, a category, an example) cannot be a value of the column,
 * or null when it can.
 */
export function problemOfValue(column: Column, value: JsonValue): string | null {
  if (value === null) return column.nullable === true ? null : "is null, but the column is not nullable";
  if (!isOfType(column, value)) return `is not of type ${column.type}`;
  if (typeof value === "number") {
    if (column.min !== undefined && value < column.min) return `is less than min (${column.min})`;
    if (column.max !== undefined && value > column.max) return `is greater than max (${column.max})`;
  }
  const isUnknown = column.categories !== undefined && !column.categories.some((category) => category === value);
  if (isUnknown && (column.onUnknown ?? "error") === "error") return "is not one of the categories";
  return null;
}

/** True when a value is of the column's type; range and categories are not looked at. */
export function isOfType(column: Column, value: JsonValue): boolean {
  switch (column.type) {
    case "integer":
      return Number.isInteger(value);
    case "float":
      return typeof value === "number" || FLOAT_WORDS.includes(value);
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    default:
      return column.type satisfies never;
  }
}
