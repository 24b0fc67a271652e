import { Failure } from "../../kernel/failure.ts";
import type { ExactJson, RowSet } from "../ports/predictor.ts";

type ExactObject = Readonly<Record<string, ExactJson>>;

/**
 * The rows of `[row, …]` or `{"inputs": [row, …]}`. There, `names` may name the values of rows that are lists;
 * other fields are ignored.
 * @throws Failure `REQUEST_MALFORMED` saying what is accepted.
 */
export function readRows(body: ExactJson): RowSet {
  const rows = findRows(body);
  if (rows !== null) return rows;
  throw malformed('The request body must be a list of rows, or {"inputs": [row, …]}.');
}

/**
 * The rows of what `readRows` takes, and of `{"data": {"names": [column, …], "ndarray": [[value, …], …]}}`.
 * There, without names, values have those of the signature's columns.
 * @param columns - names of the signature's columns in order; null without a signature.
 * @throws Failure `REQUEST_MALFORMED` saying what is accepted.
 */
export function readNamedRows(body: ExactJson, columns: readonly string[] | null): RowSet {
  const rows = findRows(body);
  if (rows !== null) return rows;
  const data = isObject(body) ? body["data"] : undefined;
  const values = isObject(data) ? data["ndarray"] : undefined;
  if (!isObject(data) || !isList(values))
    throw malformed(
      'The request body must be a list of rows, {"inputs": [row, …]}, or {"data": {"names": […], "ndarray": [[…], …]}}.',
    );
  return named(values, readNames(data["names"]) ?? columns);
}

function findRows(body: ExactJson): RowSet | null {
  if (isList(body)) return { rows: body };
  if (!isObject(body)) return null;
  const inputs = Object.hasOwn(body, "inputs") ? body["inputs"] : undefined;
  return isList(inputs) ? named(inputs, readNames(body["names"])) : null;
}

function named(rows: readonly ExactJson[], names: readonly string[] | null): RowSet {
  return names === null ? { rows } : { rows, names };
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

/** A row as an object. @param row - with as many values as there are names. */
export function nameValues(row: readonly ExactJson[], names: readonly string[]): ExactJson {
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
