import { hash } from "node:crypto";
import { createReadStream } from "node:fs";

import { sha256 } from "../kernel/digest.ts";
import { canonicalJson } from "../kernel/json.ts";
import { toPlainJson } from "../model/prediction/exact-json.ts";
import type { ExactJson } from "../model/ports/predictor.ts";
import type { RowsRecord } from "../model/run/run-record.ts";
import { explainAbsence } from "./explain-absence.ts";
import { readCsv } from "./read-csv.ts";
import { streamRows } from "./read-rows.ts";
import { formatOfPath } from "./table-format.ts";

/**
 * Digest of the rows of a table, whatever their order: the sum of the sha256 of every row, lane by lane modulo 2^32, with
 * the number of rows. A row of CSV is its cells as they are written, in the order of the columns' names, so that the order
 * of columns, quotes and ends of lines do not count either; a row of JSON is its canonical form. Streaming, some 2 µs a row.
 * Tells data that was put into another order from data that was changed; it is no seal against forgery.
 * @throws Failure `FILE_NOT_FOUND`, `DATA_MALFORMED`.
 */
export async function digestRows(path: string, signal: AbortSignal): Promise<RowsRecord> {
  const format = formatOfPath(path);
  const rows = new RowSum();
  if (format === "csv" || format === "tsv")
    await addCsv(rows, { path, delimiter: format === "tsv" ? "\t" : "," }, signal);
  else
    for await (const row of streamRows(path)) {
      signal.throwIfAborted();
      rows.addJson(row);
    }
  return rows.record();
}

interface CsvFile {
  readonly path: string;
  readonly delimiter: string;
}

async function addCsv(rows: RowSum, { path, delimiter }: CsvFile, signal: AbortSignal): Promise<void> {
  let order: readonly number[] | null = null;
  try {
    for await (const batch of readCsv(createReadStream(path), delimiter, path)) {
      signal.throwIfAborted();
      const [header = []] = batch;
      const isFirst = order === null;
      order ??= header.map((_, index) => index).sort((a, b) => ((header[a] ?? "") < (header[b] ?? "") ? -1 : 1));
      if (isFirst) rows.setColumns(header);
      for (const record of isFirst ? batch.slice(1) : batch)
        rows.add(order.map((index) => record[index]).join(CELL_SEPARATOR));
    }
  } catch (error) {
    throw explainAbsence(error, path);
  }
}

/** Unit separator (ASCII 31): it stands in no cell that a person wrote. */
const CELL_SEPARATOR = "\u001f";
const LANES = 8;

/** A sum of rows: see `digestRows`. */
export class RowSum {
  readonly #lanes = new Uint32Array(LANES);
  #columns = "";
  #rowCount = 0;

  setColumns(names: readonly string[]): void {
    this.#columns = [...names].sort().join(CELL_SEPARATOR);
  }

  /** A row of JSON, in its canonical form. */
  addJson(row: ExactJson): void {
    this.add(canonicalJson(toPlainJson(row)));
  }

  add(row: string): void {
    // Text is the form in which the digest crosses into JavaScript five times faster than as a buffer.
    const digest = hash("sha256", row, "binary");
    for (let lane = 0, at = 0; lane < LANES; lane++, at += 4) {
      const word =
        (digest.charCodeAt(at) << 24) |
        (digest.charCodeAt(at + 1) << 16) |
        (digest.charCodeAt(at + 2) << 8) |
        digest.charCodeAt(at + 3);
      this.#lanes[lane] = ((this.#lanes[lane] ?? 0) + word) | 0;
    }
    this.#rowCount++;
  }

  record(): RowsRecord {
    const digest = sha256(`${this.#rowCount}\n${this.#columns}\n${this.#lanes.join(" ")}`);
    return { rowCount: this.#rowCount, digest };
  }
}
