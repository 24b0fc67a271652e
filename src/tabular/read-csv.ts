import { pipeline } from "node:stream";
import type { Readable } from "node:stream";

import { Failure } from "../kernel/failure.ts";
import { decodeText } from "./decode-text.ts";

/** The cells of a line, as they were written. */
export type CsvRecord = readonly string[];

// One quote that is never closed would otherwise take the rest of the file for one cell.
const MAX_RECORD_CHARACTERS = 10_000_000;

/**
 * Reads CSV (RFC 4180) line by line; the first record is the header.
 * @param where - names the source in messages.
 * @throws Failure `DATA_MALFORMED` with the line: no header, empty or repeated names, ragged rows, stray quotes.
 */
export async function* readCsv(source: Readable, delimiter: string, where: string): AsyncGenerator<CsvRecord> {
  const { parse } = await import("csv-parse");
  const parser = parse({ delimiter, bom: true, skip_empty_lines: true, max_record_size: MAX_RECORD_CHARACTERS });
  // A fault of the source or of the decoder arrives at the reader of the parser.
  pipeline(
    source,
    (chunks: AsyncIterable<Uint8Array | string>) => decodeText(chunks, where),
    parser,
    () => undefined,
  );
  let hasHeader = false;
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      if (!hasHeader) checkHeader(record, where);
      hasHeader = true;
      yield record;
    }
  } catch (error) {
    throw explain(error, where);
  }
  if (!hasHeader) throw malformed(where, 1, "there is no header", "The first line must name the columns.");
}

function checkHeader(names: readonly string[], where: string): void {
  const [only = ""] = names;
  if (names.length === 1 && /[;\t|]/.test(only))
    throw malformed(
      where,
      1,
      "the columns are not separated by commas",
      "Save the file with commas, or with tabs as .tsv.",
    );
  const empty = names.findIndex((name) => name.trim() === "");
  if (empty !== -1) {
    const hint = "Name every column. pandas writes such a column for the index: use to_csv(…, index=False).";
    throw malformed(where, 1, `column ${empty + 1} has no name`, hint);
  }
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated !== undefined)
    throw malformed(where, 1, `the column "${repeated}" is there twice`, "Give every column a name of its own.");
}

function malformed(where: string, line: number, message: string, hint: string, cause?: unknown): Failure {
  return new Failure("DATA_MALFORMED", {
    message: `${where}:${line}: ${message}.`,
    hint,
    details: { where, line },
    cause,
  });
}

/** What csv-parse calls its errors, in our words. https://csv.js.org/parse/errors/ */
function explain(error: unknown, where: string): unknown {
  if (!(error instanceof Error) || !("code" in error) || !("lines" in error)) return error;
  const line = typeof error.lines === "number" ? error.lines : 0;
  switch (error.code) {
    case "CSV_RECORD_INCONSISTENT_FIELDS_LENGTH": {
      const count =
        "record" in error && Array.isArray(error.record) ? `${error.record.length} cells` : "another number of cells";
      return malformed(
        where,
        line,
        `the row has ${count}, not as many as the header`,
        "Cells with commas need double quotes.",
        error,
      );
    }
    case "CSV_QUOTE_NOT_CLOSED":
    case "CSV_MAX_RECORD_SIZE":
      return malformed(
        where,
        line,
        "a double quote is opened here or further up and not closed",
        "Close it; write a quote inside a cell twice.",
        error,
      );
    default:
      return malformed(
        where,
        line,
        "a double quote stands inside a cell",
        'Put the cell into quotes and write "" for each quote.',
        error,
      );
  }
}
