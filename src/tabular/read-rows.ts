import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";

import { Failure } from "../kernel/failure.ts";
import type { Column } from "../model/definition/signature.ts";
import type { TableRow } from "../model/definition/table-summary.ts";
import type { ExactJson, RowSet } from "../model/ports/predictor.ts";
import { nameValues } from "../model/prediction/request-envelope.ts";
import { decodeText } from "./decode-text.ts";
import { explainAbsence } from "./explain-absence.ts";
import type { CsvRecord } from "./plain-lines.ts";
import { readCsv } from "./read-csv.ts";
import { readJsonLines, readJsonRows } from "./read-json-rows.ts";
import { formatOfPath, type TableFormat } from "./table-format.ts";
import { ColumnTyper } from "./type-columns.ts";

export interface ReadRowsOptions {
  /** Default: what the file name tells; `json` for a stream. */
  readonly format?: TableFormat | undefined;
  /** Columns of the signature: the cells of a CSV file are read by their types. */
  readonly columns?: readonly Column[] | undefined;
}

/**
 * All rows of a file or stream of CSV, TSV, JSON or JSON Lines.
 * @param source - path of a file, or a stream of bytes.
 * @throws Failure `FILE_NOT_FOUND`, `DATA_MALFORMED` (with the line where there is one).
 */
export async function readRows(
  source: string | Readable,
  options: ReadRowsOptions = {},
): Promise<readonly ExactJson[]> {
  const rows: ExactJson[] = [];
  for await (const row of streamRows(source, options)) rows.push(row);
  return rows;
}

/**
 * All rows of a file or stream as a client would send them. Unless the columns are known, the rows of a CSV file are arrays
 * with names, because its header gives an order too.
 * @param source - as for `readRows`.
 * @throws as `readRows`.
 */
export async function readRowSet(source: string | Readable, options: ReadRowsOptions = {}): Promise<RowSet> {
  const format = formatOf(source, options);
  if (format === "jsonl" || (format !== "json" && options.columns !== undefined))
    return { rows: await readRows(source, options) };
  const where = nameOf(source);
  try {
    if (format === "json") return await readJsonRows(decodeText(open(source), where), where);
    const { typer, batches } = await openCsv(source, format, []);
    const rows: ExactJson[] = [];
    for await (const batch of batches) for (const record of batch) rows.push(typer.typeCells(record));
    return { rows, names: typer.names };
  } catch (error) {
    throw explainAbsence(error, where);
  }
}

/**
 * As `readRows`, for rows that must be objects: column name → value.
 * @throws Failure `DATA_MALFORMED` naming the first row that is none.
 */
export async function* streamTable(source: string | Readable, options: ReadRowsOptions = {}): AsyncGenerator<TableRow> {
  let index = 0;
  for await (const batch of streamBatches(source, options)) {
    for (const row of batch) {
      if (!isTableRow(row)) throw notAnObject(index, nameOf(source));
      index++;
      yield row;
    }
  }
}

/**
 * The rows one by one, in memory that does not grow with a CSV or JSON Lines file. A CSV file with columns that the
 * signature does not know is read twice, because the type of a column is that of all its cells.
 */
export async function* streamRows(source: string | Readable, options: ReadRowsOptions = {}): AsyncGenerator<ExactJson> {
  for await (const batch of streamBatches(source, options)) for (const row of batch) yield row;
}

/** Batches, because each row that is handed over by itself costs as much as reading it. */
async function* streamBatches(
  source: string | Readable,
  options: ReadRowsOptions,
): AsyncGenerator<readonly ExactJson[]> {
  const format = formatOf(source, options);
  const where = nameOf(source);
  try {
    if (format === "json") yield asObjects(await readJsonRows(decodeText(open(source), where), where));
    else if (format === "jsonl")
      for await (const row of readJsonLines(decodeText(open(source), where), where)) yield [row];
    else {
      const { typer, batches } = await openCsv(source, format, options.columns ?? []);
      for await (const batch of batches) yield batch.map((record) => typer.typeRecord(record));
    }
  } catch (error) {
    throw explainAbsence(error, where);
  }
}

function formatOf(source: string | Readable, { format }: ReadRowsOptions): TableFormat {
  return format ?? (typeof source === "string" ? formatOfPath(source) : "json");
}

function asObjects({ rows, names }: RowSet): readonly ExactJson[] {
  if (names === undefined) return rows;
  return rows.map((row) =>
    Array.isArray(row) && row.length === names.length ? nameValues(row as readonly ExactJson[], names) : row,
  );
}

/** The records below the header, and what gives their cells types. */
async function openCsv(source: string | Readable, format: "csv" | "tsv", columns: readonly Column[]) {
  const openBatches = await batchesOf(source, format === "tsv" ? "\t" : ",");
  let typer: ColumnTyper | null = null;
  for await (const batch of openBatches()) {
    const isFirst = typer === null;
    typer ??= new ColumnTyper(batch[0] ?? [], columns);
    if (!typer.needsObservation) break;
    for (const record of isFirst ? batch.slice(1) : batch) typer.observe(record);
  }
  return { typer: typer ?? new ColumnTyper([], columns), batches: withoutHeader(openBatches()) };
}

type Batches = AsyncIterable<readonly CsvRecord[]> | Iterable<readonly CsvRecord[]>;

async function* withoutHeader(batches: Batches): AsyncGenerator<readonly CsvRecord[]> {
  let isFirst = true;
  for await (const batch of batches) {
    yield isFirst ? batch.slice(1) : batch;
    isFirst = false;
  }
}

/** A way to go through the records more than once: a file is opened again, a stream is kept in memory. */
async function batchesOf(source: string | Readable, delimiter: string): Promise<() => Batches> {
  const where = nameOf(source);
  if (typeof source === "string") return () => readCsv(createReadStream(source), delimiter, where);
  const batches: (readonly CsvRecord[])[] = [];
  for await (const batch of readCsv(source, delimiter, where)) batches.push(batch);
  return () => batches;
}

function open(source: string | Readable): Readable {
  return typeof source === "string" ? createReadStream(source) : source;
}

function nameOf(source: string | Readable): string {
  return typeof source === "string" ? source : "the input";
}

function notAnObject(index: number, where: string): Failure {
  return new Failure("DATA_MALFORMED", {
    message: `Row ${index} of ${where} is not an object.`,
    hint: 'Write rows as { "column": value }.',
    details: { row: index },
  });
}

function isTableRow(row: ExactJson): row is TableRow {
  return typeof row === "object" && row !== null && !Array.isArray(row);
}
