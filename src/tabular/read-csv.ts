import { pipeline, type Readable } from "node:stream";

import { Failure } from "../kernel/failure.ts";
import { decodeText } from "./decode-text.ts";
import { PlainLines, type CsvRecord } from "./plain-lines.ts";

// One quote that is never closed would otherwise take the rest of the file for one cell.
const MAX_RECORD_CHARACTERS = 10_000_000;
const BATCH_RECORDS = 1_000;

/**
 * Reads CSV (RFC 4180) in batches of records; the first record of the first batch is the header.
 * @param where - names the source in messages.
 * @throws Failure `DATA_MALFORMED` with the line: no header, empty or repeated names, ragged rows, stray quotes.
 */
export async function* readCsv(
  source: Readable,
  delimiter: string,
  where: string,
): AsyncGenerator<readonly CsvRecord[]> {
  const lines = new PlainLines(delimiter, MAX_RECORD_CHARACTERS);
  const chunks = decodeText(source, where);
  let hasHeader = false;
  try {
    for await (const batch of readBatches(chunks, lines, where)) {
      const [first] = batch;
      if (!hasHeader && first !== undefined) checkHeader(first, where);
      hasHeader = true;
      yield batch;
    }
  } finally {
    // A reader that stops early must not leave a file or a pipe open.
    source.destroy();
  }
  if (!hasHeader)
    throw malformed({ where, line: 1, message: "there is no header", hint: "The first line must name the columns." });
}

/** Splits plain lines itself, and leaves the rest to a full parser from where something else begins. */
async function* readBatches(
  chunks: AsyncGenerator<string>,
  lines: PlainLines,
  where: string,
): AsyncGenerator<readonly CsvRecord[]> {
  for (let chunk = await chunks.next(); ; chunk = await chunks.next()) {
    const batch = chunk.done === true ? lines.end() : lines.push(chunk.value);
    if (batch === null) {
      yield* parseRest(chunks, lines, where);
      return;
    }
    if (batch.length > 0) yield batch;
    if (chunk.done === true) return;
  }
}

async function* parseRest(
  chunks: AsyncGenerator<string>,
  { header, delimiter, lineCount, rest }: PlainLines,
  where: string,
): AsyncGenerator<readonly CsvRecord[]> {
  const { parse } = await import("csv-parse");
  const options = { delimiter, bom: true, skip_empty_lines: true, max_record_size: MAX_RECORD_CHARACTERS };
  // Where lines were split, both ends of lines counted; otherwise the first one decides.
  const parser = parse(header === null ? options : { ...options, record_delimiter: ["\r\n", "\n"] });
  const text = async function* (): AsyncGenerator<string> {
    // The header comes again, because the parser compares every record with the first.
    yield header === null ? rest : `${header.join(delimiter)}\n${rest}`;
    yield* chunks;
  };
  // A fault of the source or of the decoder arrives at the reader of the parser.
  pipeline(text, parser, () => undefined);
  let isRepeated = header !== null;
  let batch: CsvRecord[] = [];
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      if (!isRepeated) batch.push(record);
      isRepeated = false;
      if (batch.length < BATCH_RECORDS) continue;
      yield batch;
      batch = [];
    }
  } catch (error) {
    throw explain(error, where, header === null ? 0 : lineCount - 1);
  }
  if (batch.length > 0) yield batch;
}

function checkHeader(names: readonly string[], where: string): void {
  const [only = ""] = names;
  if (names.length === 1 && /[;\t|]/.test(only))
    throw malformed({
      where,
      line: 1,
      message: "the columns are not separated by commas",
      hint: "Save the file with commas, or with tabs as .tsv.",
    });
  const empty = names.findIndex((name) => name.trim() === "");
  if (empty !== -1) {
    const hint = "Name every column. pandas writes such a column for the index: use to_csv(…, index=False).";
    throw malformed({ where, line: 1, message: `column ${empty + 1} has no name`, hint });
  }
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated !== undefined)
    throw malformed({
      where,
      line: 1,
      message: `the column "${repeated}" is there twice`,
      hint: "Give every column a name of its own.",
    });
}

interface CsvFault {
  readonly where: string;
  readonly line: number;
  /** Without a full stop. */
  readonly message: string;
  readonly hint: string;
  readonly cause?: unknown;
}

function malformed({ where, line, message, hint, cause }: CsvFault): Failure {
  return new Failure("DATA_MALFORMED", {
    message: `${where}:${line}: ${message}.`,
    hint,
    details: { where, line },
    cause,
  });
}

/** What csv-parse calls its errors, in our words. https://csv.js.org/parse/errors/ */
function explain(error: unknown, where: string, linesBefore: number): unknown {
  if (!(error instanceof Error) || !("code" in error) || !("lines" in error)) return error;
  const line = linesBefore + (typeof error.lines === "number" ? error.lines : 0);
  switch (error.code) {
    case "CSV_RECORD_INCONSISTENT_FIELDS_LENGTH": {
      const count =
        "record" in error && Array.isArray(error.record) ? `${error.record.length} cells` : "another number of cells";
      return malformed({
        where,
        line,
        message: `the row has ${count}, not as many as the header`,
        hint: "Cells with commas need double quotes.",
        cause: error,
      });
    }
    case "CSV_QUOTE_NOT_CLOSED":
    case "CSV_MAX_RECORD_SIZE":
      return malformed({
        where,
        line,
        message: "a double quote is opened here or further up and not closed",
        hint: "Close it; write a quote inside a cell twice.",
        cause: error,
      });
    default:
      return malformed({
        where,
        line,
        message: "a double quote stands inside a cell",
        hint: 'Put the cell into quotes and write "" for each quote.',
        cause: error,
      });
  }
}
