import type { Readable } from "node:stream";

import type { ArrayTable } from "../../arrays/array-table.ts";
import { isArrayPath } from "../../arrays/is-array-path.ts";
import { Failure } from "../../kernel/failure.ts";
import type { Column } from "../../model/definition/signature.ts";
import { TableSummarizer, type TableRow, type TableSummary } from "../../model/definition/table-summary.ts";
import type { RowSet } from "../../model/ports/predictor.ts";
import { nameValues } from "../../model/prediction/request-envelope.ts";
import { readRowSet, streamTable } from "../../tabular/read-rows.ts";
import { summariseTable } from "../../tabular/summarise-table.ts";
import { isTablePath } from "../../tabular/table-format.ts";

/** True for a file name that tells that the file holds rows: a table, or arrays. */
export function isRowPath(path: string): boolean {
  return isTablePath(path) || isArrayPath(path);
}

/**
 * All rows of a file or stream, as a client would send them: `readRowSet`, also for arrays.
 * @param columns - of the signature; undefined without one.
 * @throws Failure `FILE_NOT_FOUND`, `DATA_MALFORMED`, `DATA_PICKLED`.
 */
export async function readRowFile(source: string | Readable, columns: readonly Column[] | undefined): Promise<RowSet> {
  if (typeof source !== "string" || !isArrayPath(source)) return readRowSet(source, { columns });
  const { rowCount, names, row } = await readArrayTable(source, columns);
  const rows = Array.from({ length: rowCount }, (_, index) => row(index));
  return names === null ? { rows } : { rows, names };
}

/**
 * The rows of a file one by one, as objects: `streamTable`, also for arrays.
 * @throws as `readRowFile`; `DATA_MALFORMED` for rows without names.
 */
export async function* streamRowFile(path: string, columns: readonly Column[] | undefined): AsyncGenerator<TableRow> {
  if (!isArrayPath(path)) {
    yield* streamTable(path, { columns });
    return;
  }
  const { rowCount, names, row } = await readArrayTable(path, columns);
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
export async function summariseRowFile(path: string, signal: AbortSignal): Promise<TableSummary> {
  if (!isArrayPath(path)) return summariseTable(path, signal);
  const summarizer = new TableSummarizer();
  for await (const row of streamRowFile(path, undefined)) {
    signal.throwIfAborted();
    summarizer.add(row);
  }
  return summarizer.summary();
}

/** Loaded for a file of arrays only: every training waits for what is loaded, and most data are tables. */
async function readArrayTable(path: string, columns: readonly Column[] | undefined): Promise<ArrayTable> {
  const arrays = await import("../../arrays/array-table.ts");
  return arrays.readArrayTable(path, columns);
}
