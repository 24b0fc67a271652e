import type { JsonValue } from "../kernel/json.ts";

// Sixteen digits that are no fraction: perhaps an integer that cannot be kept exactly.
const LONG_INTEGER = /(?:^|[^\d.])\d{16}/;

/**
 * Parses JSON that has no comments and nothing odd in it, as most files are, many times faster than a parser that can
 * tell what is wrong. Undefined for anything else.
 */
export function parsePlainJson(text: string): JsonValue | undefined {
  if (LONG_INTEGER.test(text)) return undefined;
  try {
    const value = JSON.parse(text) as JsonValue;
    // A field that is given twice is in the text more often than in the value.
    return countFields(value) === countWrittenFields(text) ? value : undefined;
  } catch {
    return undefined;
  }
}

function countFields(value: JsonValue): number {
  if (typeof value !== "object" || value === null) return 0;
  const children: readonly JsonValue[] = Object.values(value);
  let count = Array.isArray(value) ? 0 : children.length;
  for (const child of children) count += countFields(child);
  return count;
}

/** @param text - sound JSON: a string before a colon is the name of a field. */
function countWrittenFields(text: string): number {
  let count = 0;
  for (const [, colon] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g)) if (colon !== undefined) count++;
  return count;
}
