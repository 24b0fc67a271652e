import { Failure, messageOf } from "../../kernel/failure.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../kernel/json.ts";

export interface ModelMetrics {
  /** Numbers and numeric strings, as the model gave them. */
  readonly metrics: JsonObject;
  /** What the file holds besides, as sentences. It stays in the file. */
  readonly notes: readonly string[];
}

/**
 * Reads the text of a metrics file.
 * @param path - for messages.
 * @throws Failure `METRICS_MALFORMED` when it is not a JSON object.
 */
export function parseMetrics(text: string, path: string): ModelMetrics {
  const value = parseLenient(text.replace(/^\uFEFF/, ""), path);
  if (!isJsonObject(value)) throw malformed(path, "it is not a JSON object.");
  const entries = Object.entries(value);
  const others = entries.filter(([, field]) => !isNumeric(field)).map(([name]) => name);
  return {
    metrics: Object.fromEntries(entries.filter(([, field]) => isNumeric(field))),
    notes: others.length === 0 ? [] : [`Not numbers, so not recorded as metrics: ${others.join(", ")} (${path}).`],
  };
}

/**
 * The metrics of several files as one; where two give the same name another value the first counts.
 */
export function mergeMetrics(files: readonly ModelMetrics[]): ModelMetrics {
  const merged = new Map<string, JsonValue>();
  const notes = files.flatMap((file) => file.notes);
  for (const [name, value] of files.flatMap((file) => Object.entries(file.metrics))) {
    const first = merged.get(name) ?? value;
    if (first !== value) notes.push(`The metrics files disagree about ${name}: ${JSON.stringify(first)} is recorded.`);
    merged.set(name, first);
  }
  return { metrics: Object.fromEntries(merged), notes };
}

/** Python writes `NaN` and `Infinity` as bare words, which no JSON parser takes. */
function parseLenient(text: string, path: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const quoted = text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (token) =>
      token.startsWith('"') ? token : `"${token}"`,
    );
    try {
      return JSON.parse(quoted) as unknown;
    } catch (error) {
      throw malformed(path, messageOf(error), error);
    }
  }
}

function isNumeric(value: JsonValue): boolean {
  if (typeof value === "string") return value.trim() !== "" && Number.isFinite(Number(value));
  return typeof value === "number";
}

function malformed(path: string, reason: string, cause?: unknown): Failure {
  return new Failure("METRICS_MALFORMED", {
    message: `The metrics file ${path} cannot be read: ${reason}`,
    hint: 'Write a JSON object of numbers, for example {"accuracy": 0.93}.',
    details: { path },
    cause,
  });
}
