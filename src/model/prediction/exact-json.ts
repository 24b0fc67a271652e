import type { JsonValue } from "../../kernel/json.ts";
import type { ExactJson } from "../ports/predictor.ts";
import { ExactParser } from "./exact-parser.ts";
import { JsonScanner, LONG_INTEGER } from "./scan-json.ts";

/**
 * True when `JSON.parse` could lose digits: an integer of sixteen or more digits stands outside strings.
 * @param input - JSON text, or its UTF-8 bytes.
 */
export function needsExactParse(input: string | Uint8Array): boolean {
  // The characters that matter are ASCII, and no byte of a longer UTF-8 sequence is: Latin-1 is quick and enough.
  const text = typeof input === "string" ? input : new TextDecoder("latin1").decode(input);
  if (!LONG_INTEGER.test(text)) return false;
  const scanner = new JsonScanner(text);
  scanner.advance();
  return scanner.hasLongInteger;
}

/**
 * Parses JSON as `JSON.parse` does, but reads integers that a double cannot hold as `bigint`.
 * Some ten times slower; see `needsExactParse`.
 * @throws SyntaxError on anything that `JSON.parse` refuses, and on nesting deeper than 500.
 */
export function parseExact(text: string): ExactJson {
  return new ExactParser(text).parseDocument();
}

/**
 * Serialises as `JSON.stringify` does, and `bigint` as the integer that it is.
 */
export function stringifyExact(value: ExactJson): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // A TypeError is how the fast way says that there is a bigint somewhere.
    if (!(error instanceof TypeError)) throw error;
    return writeExact(value);
  }
}

function writeExact(value: ExactJson): string {
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(writeExact).join(",")}]`;
  const fields = Object.entries(value).map(([key, field]) => `${JSON.stringify(key)}:${writeExact(field)}`);
  return `{${fields.join(",")}}`;
}

/** The value for logs and error details, which hold plain JSON only: a `bigint` becomes text. */
export function toPlainJson(value: ExactJson): JsonValue {
  // Looking costs a tenth of copying, and there is hardly ever one to be found.
  return isPlain(value) ? value : copyPlain(value);
}

function isPlain(value: ExactJson): value is JsonValue {
  if (typeof value !== "object" || value === null) return typeof value !== "bigint";
  if (isList(value)) return value.every(isPlain);
  for (const key in value) if (!isPlain(value[key] ?? null)) return false;
  return true;
}

function copyPlain(value: ExactJson): JsonValue {
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) return value.map(copyPlain);
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, copyPlain(field)]));
}

/** `Array.isArray` does not narrow read-only lists. */
function isList(value: ExactJson): value is readonly ExactJson[] {
  return Array.isArray(value);
}
