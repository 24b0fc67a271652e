import { isJsonObject, type JsonObject, type JsonValue } from "../../kernel/json.ts";
import type { SampleRows } from "../../model/definition/model-definition.ts";
import { isSample } from "./definition-paths.ts";
import { parseCommentedJson } from "../parse-commented-json.ts";
import type { Reading } from "./reading.ts";

/**
 * Rows that stand beside the definition (`samples/*.json`, `test/test_instances.json`). Old folders keep other things
 * there too, so what holds no rows is left out with a warning.
 * @param asObjects - whether rows of `{"data": {"names", "ndarray"}}` become objects: without a signature they stay arrays
 *   with names.
 */
export function readSamples(reading: Reading, asObjects: boolean): readonly SampleRows[] {
  return [...reading.paths]
    .filter(isSample)
    .sort()
    .flatMap((path) => {
      const found = readRows(reading, path, asObjects);
      if (found !== null) return [{ path, ...found }];
      reading.warn("DATA_MALFORMED", path, {
        message: `${path} holds no rows and is left out.`,
        remedy: 'Write a list of rows, or { "inputs": [rows] }.',
      });
      return [];
    });
}

type FoundRows = Omit<SampleRows, "path">;

function readRows(reading: Reading, path: string, asObjects: boolean): FoundRows | null {
  const text = reading.snapshot.texts.get(path);
  return text === undefined ? null : readSampleText(text, asObjects);
}

/** The rows in the text of one such file, or null where there are none. */
export function readSampleText(text: string, asObjects = false): FoundRows | null {
  const { value, problems } = parseCommentedJson(text);
  return problems.length > 0 || value === undefined ? null : rowsOf(value, asObjects);
}

/** Rows in the forms in which clients send them: a list, `inputs`, `payload.instances`, or `data` with `ndarray`. */
function rowsOf(value: JsonValue | undefined, asObjects: boolean): FoundRows | null {
  if (isList(value)) return { rows: listRows(value) };
  if (!isJsonObject(value)) return null;
  const { inputs, instances, payload, data } = value;
  const rows = inputs ?? instances;
  if (rows !== undefined) return isList(rows) ? rowsOf(rows, asObjects) : null;
  if (isJsonObject(payload)) return rowsOf(payload, asObjects);
  return isJsonObject(data) ? arrayRows(data, asObjects) : null;
}

/** A list of plain values is one row. */
function listRows(list: readonly JsonValue[]): readonly JsonValue[] {
  return list.every(isRow) ? list : [list];
}

/** Rows of another length than the names have none: they are for the model to refuse. */
function arrayRows({ ndarray, names }: JsonObject, asObjects: boolean): FoundRows | null {
  if (!isList(ndarray)) return null;
  const rows = listRows(ndarray);
  if (!isNames(names) || !rows.every((row) => isList(row) && row.length === names.length)) return { rows };
  if (!asObjects) return { rows, names };
  return {
    rows: rows.map((row) =>
      isList(row) ? Object.fromEntries(row.map((cell, index) => [names[index] ?? "", cell])) : row,
    ),
  };
}

/** `Array.isArray` does not narrow read-only lists. */
function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isNames(value: JsonValue | undefined): value is readonly string[] {
  return isList(value) && value.length > 0 && value.every((name) => typeof name === "string");
}

function isRow(value: JsonValue): boolean {
  return typeof value === "object" && value !== null;
}
