import type { Column, ColumnType } from "../model/definition/signature.ts";
import type { ExactJson } from "../model/ports/predictor.ts";

// "None" and "N/A" are left out: they are real categories too often.
const MISSING: ReadonlySet<string> = new Set(["", "NA", "NaN", "nan", "null", "NULL"]);
const LONGEST_MISSING = 4;
// No leading zeros and no plus sign: "007" and "+49 30" are texts, and would not come back the same.
const INTEGER = /^-?(?:0|[1-9]\d*)$/;
const FLOAT = /^-?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const INFINITIES: Readonly<Record<string, string>> = {
  inf: "Infinity",
  Infinity: "Infinity",
  "-inf": "-Infinity",
  "-Infinity": "-Infinity",
};
const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  True: true,
  TRUE: true,
  false: false,
  False: false,
  FALSE: false,
};
/** Longer runs of digits are no numbers that anybody counts with. */
const MAX_INTEGER_DIGITS = 40;

/** True for a cell that says that there is no value: empty, `NA`, `NaN`, `nan`, `null` or `NULL`. */
export function isMissing(cell: string): boolean {
  // Most cells are longer, and looking one up means hashing it.
  return cell.length <= LONGEST_MISSING && MISSING.has(cell);
}

/**
 * The cell as a value of the type, or null when it is none. Integers that a double cannot hold become `bigint`;
 * infinities become the words that rows have for them.
 */
export function parseCell(cell: string, type: ColumnType): ExactJson {
  switch (type) {
    case "integer":
      return parseInteger(cell);
    case "float":
      return parseInteger(cell) ?? parseFloating(cell);
    case "boolean":
      return Object.hasOwn(BOOLEANS, cell) ? (BOOLEANS[cell] ?? null) : null;
    case "string":
      return cell;
    default:
      return type satisfies never;
  }
}

function parseInteger(cell: string): number | bigint | null {
  if (!INTEGER.test(cell) || cell.length > MAX_INTEGER_DIGITS) return null;
  const value = Number(cell);
  return Number.isSafeInteger(value) ? value : BigInt(cell);
}

function parseFloating(cell: string): number | string | null {
  if (!FLOAT.test(cell)) return Object.hasOwn(INFINITIES, cell) ? (INFINITIES[cell] ?? null) : null;
  const value = Number(cell);
  return Number.isFinite(value) ? value : null;
}

/**
 * The cell as the signature's column takes it; undefined for an empty cell that stands for an absent key.
 * A cell that does not parse stays text, so that the rules of rows name it.
 */
export function readDeclaredCell(cell: string, column: Column): ExactJson | undefined {
  if (column.categories?.includes(cell) === true) return cell;
  if (isMissing(cell) && column.nullable === true) return null;
  if (cell === "") return column.optional === true || column.default !== undefined ? undefined : null;
  return parseCell(cell, column.type) ?? cell;
}
