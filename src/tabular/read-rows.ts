import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";

import { Failure, hasSystemCode } from "../kernel/failure.ts";
import type { Column } from "../model/definition/signature.ts";
import type { TableRow } from "../model/definition/table-summary.ts";
import type { ExactJson, RowSet } from "../model/ports/predictor.ts";
import { nameValues } from "../model/prediction/request-envelope.ts";
import { decodeText } from "./decode-text.ts";
import { readCsv, type CsvRecord } from "./read-csv.ts";
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
    const { typer, records } = await openCsv(source, format, []);
    const rows: ExactJson[] = [];
    for await (const record of records) rows.push(typer.typeCells(record));
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
  for await (const row of streamRows(source, options)) {
    if (!isTableRow(row))
      throw new Failure("DATA_MALFORMED", {
        message: `Row ${index} of ${nameOf(source)} is not an object.`,
        hint: 'Write rows as { "column": value }.',
        details: { row: index },
      });
    index++;
    yield row;
  }
}

/**
 * The rows one by one, in memory that does not grow with a CSV or JSON Lines file. A CSV file with columns that the
 * signature does not know is read twice, because the type of a column is that of all its cells.
 */
export async function* streamRows(source: string | Readable, options: ReadRowsOptions = {}): AsyncGenerator<ExactJson> {
  const format = formatOf(source, options);
  const where = nameOf(source);
  try {
    if (format === "jsonl") yield* readJsonLines(decodeText(open(source), where), where);
    else if (format === "json") yield* asObjects(await readJsonRows(decodeText(open(source), where), where));
    else {
      const { typer, records } = await openCsv(source, format, options.columns ?? []);
      for await (const record of records) yield typer.typeRecord(record);
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
  const openRecords = await recordsOf(source, format === "tsv" ? "\t" : ",");
  let typer: ColumnTyper | null = null;
  for await (const record of openRecords()) {
    if (typer === null) {
      typer = new ColumnTyper(record, columns);
      if (!typer.needsObservation) break;
    } else typer.observe(record);
  }
  return { typer: typer ?? new ColumnTyper([], columns), records: withoutFirst(openRecords()) };
}

async function* withoutFirst(records: AsyncIterable<CsvRecord> | Iterable<CsvRecord>): AsyncGenerator<CsvRecord> {
  let isHeader = true;
  for await (const record of records) {
    if (!isHeader) yield record;
    isHeader = false;
  }
}

/** A way to go through the records more than once: a file is opened again, a stream is kept in memory. */
async function recordsOf(
  source: string | Readable,
  delimiter: string,
): Promise<() => AsyncIterable<CsvRecord> | Iterable<CsvRecord>> {
  const where = nameOf(source);
  if (typeof source === "string") return () => readCsv(createReadStream(source), delimiter, where);
  const records: CsvRecord[] = [];
  for await (const record of readCsv(source, delimiter, where)) records.push(record);
  return () => records;
}

function open(source: string | Readable): Readable {
  return typeof source === "string" ? createReadStream(source) : source;
}

function nameOf(source: string | Readable): string {
  return typeof source === "string" ? source : "the input";
}

function isTableRow(row: ExactJson): row is TableRow {
  return typeof row === "object" && row !== null && !Array.isArray(row);
}

function explainAbsence(error: unknown, where: string): unknown {
  if (hasSystemCode(error, "ENOENT", "ENOTDIR"))
    return new Failure("FILE_NOT_FOUND", {
      message: `There is no file ${where}.`,
      hint: "Check the path.",
      cause: error,
    });
  if (hasSystemCode(error, "EACCES", "EPERM", "EISDIR", "EIO", "ELOOP", "ENAMETOOLONG"))
    return new Failure("FILE_NOT_FOUND", { message: `${where} cannot be read as a file.`, cause: error });
  return error;
}
