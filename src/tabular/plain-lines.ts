/** The cells of a line, as they were written. */
export type CsvRecord = readonly string[];

// Quotes; a byte order mark; a carriage return by itself, which ends the lines of some old files and may stand in a cell.
const NOT_PLAIN = /["\uFEFF]|\r(?!\n)/;

/**
 * Splits the lines of a CSV file that has no quotes, as most files of numbers, at a multiple of the speed of a parser
 * that understands all of CSV. What it does not understand it leaves unread, so that such a parser can go on from there.
 */
export class PlainLines {
  readonly delimiter: string;
  readonly #maxRecordCharacters: number;
  /** Null until the first line is complete. */
  header: CsvRecord | null = null;
  /** Lines that were split, empty ones included. */
  lineCount = 0;
  /** Text that was pushed and not split. */
  rest = "";

  constructor(delimiter: string, maxRecordCharacters: number) {
    this.delimiter = delimiter;
    this.#maxRecordCharacters = maxRecordCharacters;
  }

  /** Records of the lines that are complete now, or null when they are not plain: then `rest` begins with them. */
  push(chunk: string): readonly CsvRecord[] | null {
    this.rest += chunk;
    const end = this.rest.lastIndexOf("\n") + 1;
    if (this.rest.length - end > this.#maxRecordCharacters) return null;
    return this.#split(this.rest.slice(0, end), this.rest.slice(end));
  }

  /** Records of what is left at the end of the text, as `push`. */
  end(): readonly CsvRecord[] | null {
    // The last line may lack its end.
    return this.#split(this.rest === "" ? "" : `${this.rest}\n`, "");
  }

  #split(text: string, rest: string): readonly CsvRecord[] | null {
    if (NOT_PLAIN.test(text)) return null;
    const lines = text.split("\n");
    lines.pop();
    const records: CsvRecord[] = [];
    for (const line of lines) {
      const content = line.endsWith("\r") ? line.slice(0, -1) : line;
      if (content !== "") records.push(content.split(this.delimiter));
    }
    const header = this.header ?? records[0] ?? null;
    if (records.some((record) => record.length !== header?.length)) return null;
    this.header = header;
    this.lineCount += lines.length;
    this.rest = rest;
    return records;
  }
}
