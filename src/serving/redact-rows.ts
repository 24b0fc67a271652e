import { Failure } from "../kernel/failure.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../kernel/json.ts";
import type { Signature } from "../model/definition/signature.ts";

/** What stands in the log where a value was. */
export const REDACTED = "***";

/** Takes the values of some columns out of what is about to be logged. */
export interface Redaction {
  /** @param names - of the values where the row is an array. */
  row(row: JsonValue, names: readonly string[] | undefined): JsonValue;
  /** Wherever a field has the name of a column, however deep. */
  fields(value: JsonValue): JsonValue;
}

/**
 * A redaction of columns, or null when there are none.
 * @param columns - names or aliases; a column of the signature is known by all of its names.
 */
export function compileRedaction(columns: readonly string[], signature: Signature | null): Redaction | null {
  if (columns.length === 0) return null;
  const hidden = new Set(columns);
  for (const { name, aliases = [] } of signature?.columns ?? [])
    if ([name, ...aliases].some((one) => hidden.has(one))) for (const one of [name, ...aliases]) hidden.add(one);
  return new NamedRedaction(hidden);
}

/** A model's failure without what the model said: "could not convert string to float: 'ada@example.org'". */
export function hideModelMessage(error: unknown): unknown {
  if (!(error instanceof Failure) || error.code !== "MODEL_FAILED") return error;
  const raised = error.details["error"];
  const type = isJsonObject(raised ?? null) ? ((raised as JsonObject)["type"] ?? null) : null;
  return new Failure(error.code, {
    message: "The model failed. What it said is not logged, because it may hold values that are to be redacted.",
    details: { error: { type } },
  });
}

class NamedRedaction implements Redaction {
  readonly #hidden: ReadonlySet<string>;

  constructor(hidden: ReadonlySet<string>) {
    this.#hidden = hidden;
  }

  row(row: JsonValue, names: readonly string[] | undefined): JsonValue {
    if (isJsonObject(row)) return this.fields(row);
    // What stands where in a row without names is not known, so nothing of it can be shown.
    if (!Array.isArray(row) || names === undefined) return REDACTED;
    return (row as readonly JsonValue[]).map((value, index) => {
      const name = names[index];
      return name === undefined || this.#hidden.has(name) ? REDACTED : this.fields(value);
    });
  }

  fields(value: JsonValue): JsonValue {
    if (Array.isArray(value)) return (value as readonly JsonValue[]).map((one) => this.fields(one));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, this.#hidden.has(name) ? REDACTED : this.fields(one)]),
    );
  }
}
