import type { Readable } from "node:stream";

import type { ArrayTable } from "../../arrays/array-table.ts";
import { isArrayPath, isPicklePath } from "../../arrays/is-array-path.ts";
import { Failure } from "../../kernel/failure.ts";
import type { Column } from "../../model/definition/signature.ts";
import { TableSummarizer, type TableRow, type TableSummary } from "../../model/definition/table-summary.ts";
import type { ExactJson, RowSet } from "../../model/ports/predictor.ts";
import { nameValues } from "../../model/prediction/request-envelope.ts";
import { readRowSet, streamTable } from "../../tabular/read-rows.ts";
import { summariseTable } from "../../tabular/summarise-table.ts";
import { isTablePath } from "../../tabular/table-format.ts";

/** Rows that stood in a pickle, as plain values. */
export interface PickledRows {
  /** Null where nothing names the values of each row. */
  readonly names: readonly string[] | null;
  /** Floats may be `NaN` or infinite. */
  readonly rows: readonly (readonly ExactJson[])[];
}

/** Opens the pickle in a data file. @throws Failure where that is not allowed or not possible. */
export type OpenPickledRows = (path: string) => Promise<PickledRows>;

/** How a file of rows is read. */
export interface RowFileOptions {
  /** Of the signature; undefined without one. */
  readonly columns?: readonly Column[] | undefined;
  /** Who opens arrays of Python objects and pickles. */
  readonly openPickled: OpenPickledRows;
}

/** True for a file name that tells that the file holds rows: a table, or arrays. A pickle may as well be a model. */
export function isRowPath(path: string): boolean {
  return isTablePath(path) || isArrayPath(path);
}

/** True for files whose rows have no names but those of the signature, unless they say so. */
export function needsSignature(path: string): boolean {
  return isArrayPath(path) || isPicklePath(path);
}

/**
 * All rows of a file or stream, as a client would send them: `readRowSet`, also for arrays and pickles.
 * @throws Failure `FILE_NOT_FOUND`, `DATA_MALFORMED`, `DATA_PICKLED`, and what `openPickled` throws.
 */
export async function readRowFile(source: string | Readable, options: RowFileOptions): Promise<RowSet> {
  if (typeof source !== "string" || !needsSignature(source)) return readRowSet(source, { columns: options.columns });
  const { rowCount, names, row } = await readArrayTable(source, options);
  const rows = Array.from({ length: rowCount }, (_, index) => row(index));
  return names === null ? { rows } : { rows, names };
}

/**
 * The rows of a file one by one, as objects: `streamTable`, also for arrays and pickles.
 * @throws as `readRowFile`; `DATA_MALFORMED` for rows without names.
 */
export async function* streamRowFile(path: string, options: RowFileOptions): AsyncGenerator<TableRow> {
  if (!needsSignature(path)) {
    yield* streamTable(path, { columns: options.columns });
    return;
  }
  const { rowCount, names, row } = await readArrayTable(path, options);
  if (names === null)
    throw new Failure("DATA_MALFORMED", {
      message: `Nothing names the columns of ${path}.`,
      hint: "Save a structured array (DataFrame.to_records), or numpy.savez with one array a column.",
    });
  for (let index = 0; index < rowCount; index++) yield nameValues(row(index), names) as TableRow;
}

/**
 * Sums up every row of a file: `summariseTable`, also for arrays.
 * @throws as `streamRowFile`.
 */
export async function summariseRowFile(
  path: string,
  { openPickled, signal }: Pick<RowFileOptions, "openPickled"> & { readonly signal: AbortSignal },
): Promise<TableSummary> {
  if (!needsSignature(path)) return summariseTable(path, signal);
  const summarizer = new TableSummarizer();
  for await (const row of streamRowFile(path, { openPickled })) {
    signal.throwIfAborted();
    summarizer.add(row);
  }
  return summarizer.summary();
}

/** Loaded for a file of arrays only: every training waits for what is loaded, and most data are tables. */
async function readArrayTable(path: string, { columns, openPickled }: RowFileOptions): Promise<ArrayTable> {
  const arrays = await import("../../arrays/array-table.ts");
  if (isArrayPath(path)) {
    try {
      return await arrays.readArrayTable(path, columns);
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== "DATA_PICKLED") throw error;
    }
  }
  return arrays.tableOfRows(await openPickled(path), { path, columns });
}
