import { isJsonObject, type JsonObject, type JsonValue } from "../../kernel/json.ts";
import { parseCommentedJson } from "../parse-commented-json.ts";
import type { Reading } from "./reading.ts";

const REMEDY = "Mend the file at this place; comments and trailing commas are allowed, everything else must be JSON.";

/** What a JSON file holds; `isSound` is false when there were syntax faults and `value` is only what could be saved. */
export interface JsonFile {
  readonly value: JsonValue | undefined;
  readonly isSound: boolean;
}

/** Reads a JSON file of the definition and reports what is wrong with it. */
export function readJsonFile(reading: Reading, path: string): JsonFile {
  const text = reading.snapshot.texts.get(path);
  if (text === undefined) {
    reading.fault("JSON_MALFORMED", path, {
      message: `${path} cannot be read: ${reading.reasonUnreadable(path)}.`,
      remedy: "Make it a readable, small JSON file in UTF-8.",
    });
    return { value: undefined, isSound: false };
  }
  const { value, problems, oddities } = parseCommentedJson(text);
  for (const { line, column, message } of problems)
    reading.fault("JSON_MALFORMED", `${path}:${line}:${column}`, {
      message: `${path} is not JSON: ${message}.`,
      remedy: REMEDY,
    });
  for (const { pointer, message } of oddities)
    reading.warn("JSON_AMBIGUOUS", `${path}#${pointer}`, { message: `${message}.`, remedy: "Keep one clear value." });
  return { value, isSound: problems.length === 0 };
}

/** Reads a JSON file that must hold an object; null after a fault was reported. */
export function readJsonObject(reading: Reading, path: string): JsonObject | null {
  const { value, isSound } = readJsonFile(reading, path);
  if (!isSound) return null;
  if (isJsonObject(value)) return value;
  reading.fault("SCHEMA_MISMATCH", `${path}#`, {
    message: `${path} must hold a JSON object, not ${describeJson(value)}.`,
    remedy: "Put the fields into braces: { … }.",
  });
  return null;
}

/** Names the kind of a JSON value for messages. */
export function describeJson(value: JsonValue | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}
