import { Failure } from "../../kernel/failure.ts";
import type { ExactJson } from "../ports/predictor.ts";

type ExactObject = Readonly<Record<string, ExactJson>>;

/**
 * The rows of `[row, …]` or `{"inputs": [row, …]}`. Other fields beside `inputs` are ignored.
 * @throws Failure `REQUEST_MALFORMED` saying what is accepted.
 */
export function readRows(body: ExactJson): readonly ExactJson[] {
  const rows = findRows(body);
  if (rows !== null) return rows;
  throw malformed('The request body must be a list of rows, or {"inputs": [row, …]}.');
}

/**
 * The rows of what `readRows` takes, and of `{"data": {"names": [column, …], "ndarray": [[value, …], …]}}`.
 * There, rows become objects by `names`, without names by the columns of the signature, else they stay lists.
 * @param columns - names of the signature's columns in order; null without a signature.
 * @throws Failure `REQUEST_MALFORMED` saying what is accepted.
 */
export function readNamedRows(body: ExactJson, columns: readonly string[] | null): readonly ExactJson[] {
  const rows = findRows(body);
  if (rows !== null) return rows;
  const data = isObject(body) ? body["data"] : undefined;
  const values = isObject(data) ? data["ndarray"] : undefined;
  if (!isObject(data) || !isList(values))
    throw malformed(
      'The request body must be a list of rows, {"inputs": [row, …]}, or {"data": {"names": […], "ndarray": [[…], …]}}.',
    );
  const names = readNames(data["names"]) ?? columns;
  return names === null ? values : values.map((row) => nameValues(row, names));
}

function findRows(body: ExactJson): readonly ExactJson[] | null {
  if (isList(body)) return body;
  if (!isObject(body)) return null;
  const inputs = Object.hasOwn(body, "inputs") ? body["inputs"] : undefined;
  return isList(inputs) ? inputs : null;
}

/** Null when there are none: clients of this old form also send an empty list. */
function readNames(names: ExactJson | undefined): readonly string[] | null {
  if (names === undefined || names === null) return null;
  const listed: readonly ExactJson[] = isList(names) ? names : [names];
  const texts = listed.filter((name) => typeof name === "string");
  if (!isList(names) || texts.length < listed.length)
    throw malformed('"names" in the request body must be a list of strings.');
  if (new Set(texts).size < texts.length) throw malformed('"names" in the request body has a name twice.');
  return texts.length === 0 ? null : texts;
}

/** A list of the wrong length stays a list, and the row rules then name that row. */
function nameValues(row: ExactJson, names: readonly string[]): ExactJson {
  if (!isList(row) || row.length !== names.length) return row;
  // Not by assignment: a name "__proto__" must become a field and nothing else.
  return Object.fromEntries(names.map((name, index) => [name, row[index] ?? null]));
}

function isList(value: ExactJson | undefined): value is readonly ExactJson[] {
  return Array.isArray(value);
}

function isObject(value: ExactJson | undefined): value is ExactObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function malformed(message: string): Failure {
  return new Failure("REQUEST_MALFORMED", { message });
}
