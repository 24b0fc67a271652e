import { createReadStream } from "node:fs";

import { TableSummarizer, type TableSummary } from "../model/definition/table-summary.ts";
import { explainAbsence } from "./explain-absence.ts";
import { readCsv } from "./read-csv.ts";
import { streamTable } from "./read-rows.ts";
import { formatOfPath } from "./table-format.ts";
import { ColumnTyper } from "./type-columns.ts";

/**
 * Sums up every row of a file of CSV, TSV, JSON or JSON Lines, in memory that does not grow with a CSV or JSON Lines file.
 * @param signal - ends it with the signal's reason.
 * @throws Failure `FILE_NOT_FOUND`, `DATA_MALFORMED`.
 */
export async function summariseTable(path: string, signal: AbortSignal): Promise<TableSummary> {
  const format = formatOfPath(path);
  const delimiter = format === "csv" ? "," : format === "tsv" ? "\t" : null;
  const summary = delimiter === null ? null : await summariseOnce(path, delimiter, signal);
  if (summary !== null) return summary;
  const summarizer = new TableSummarizer();
  for await (const row of streamTable(path)) {
    signal.throwIfAborted();
    summarizer.add(row);
  }
  return summarizer.summary();
}

/**
 * Gives cells the type that their column has so far: as a rule the one it has in the end. Null when it is not, as for
 * texts that begin with some numbers; then the file must be read twice.
 */
async function summariseOnce(path: string, delimiter: string, signal: AbortSignal): Promise<TableSummary | null> {
  const summarizer = new TableSummarizer();
  let typer: ColumnTyper | null = null;
  try {
    for await (const batch of readCsv(createReadStream(path), delimiter, path)) {
      signal.throwIfAborted();
      const records = typer === null ? batch.slice(1) : batch;
      typer ??= new ColumnTyper(batch[0] ?? [], []);
      for (const record of records) {
        if (typer.observe(record)) return null;
        summarizer.add(typer.typeRecord(record));
      }
    }
  } catch (error) {
    throw explainAbsence(error, path);
  }
  return summarizer.summary();
}
