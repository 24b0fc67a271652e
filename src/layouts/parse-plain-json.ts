import type { JsonValue } from "../kernel/json.ts";
import { LONG_INTEGER } from "../model/prediction/scan-json.ts";

const LAST_SPACE = 0x20;
const COLON = 0x3a;

/** A string, which may hold what looks like a comment, or a comment. Either need not end, or finding that out would take long. */
const STRING_OR_COMMENT = /"[^"\\\r\n]*(?:\\.[^"\\\r\n]*)*"?|\/\/.*|\/\*[^]*?(?:\*\/|$)/g;
const COMMENT = /^\/(?:\/|\*[^]*\*\/$)/;

/**
 * Parses JSON that has nothing odd in it but comments, as most files are, many times faster than a parser that can
 * tell what is wrong. Undefined for anything else, also for what is nested deeper than `maxDepth`.
 */
export function parsePlainJson(source: string, maxDepth: number): JsonValue | undefined {
  const text = source.includes("/") ? withoutComments(source) : source;
  if (LONG_INTEGER.test(text)) return undefined;
  try {
    const value = JSON.parse(text) as JsonValue;
    // A field that is given twice is in the text more often than in the value.
    return countFields(value, maxDepth) === countWrittenFields(text) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** With a space in the place of each comment, so that what stands around it is not joined. */
function withoutComments(text: string): string {
  return text.replace(STRING_OR_COMMENT, (found) => (COMMENT.test(found) ? " " : found));
}

/** NaN, which equals no count, when the value is nested too deep. */
function countFields(value: JsonValue, maxDepth: number): number {
  if (typeof value !== "object" || value === null) return 0;
  if (maxDepth === 0) return NaN;
  const children: readonly JsonValue[] = Array.isArray(value) ? value : Object.values(value);
  let count = Array.isArray(value) ? 0 : children.length;
  for (const child of children) count += countFields(child, maxDepth - 1);
  return count;
}

/** @param text - sound JSON: a string before a colon is the name of a field. */
function countWrittenFields(text: string): number {
  let count = 0;
  for (let start = text.indexOf('"'); start !== -1;) {
    let at = endOfString(text, start) + 1;
    while (text.charCodeAt(at) <= LAST_SPACE) at++;
    if (text.charCodeAt(at) === COLON) count++;
    start = text.indexOf('"', at);
  }
  return count;
}

/** Offset of the quote that ends the string which begins at `start`: the first with an even number of backslashes before it. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return end;
  }
}
