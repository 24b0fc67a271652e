import type { Column, ColumnType } from "../model/definition/signature.ts";
import type { TableRow } from "../model/definition/table-summary.ts";
import type { ExactJson } from "../model/ports/predictor.ts";
import { isMissing, parseCell, readDeclaredCell } from "./cell-values.ts";
import type { CsvRecord } from "./read-csv.ts";

// The first type that every cell of the column has.
const CANDIDATES: readonly ColumnType[] = ["integer", "float", "boolean"];

/**
 * Gives the cells of a CSV file their types: those of the signature where it knows the column, else the narrowest type that
 * every cell of the column has. Without a signature every record must be observed before the first is typed.
 */
export class ColumnTyper {
  readonly names: readonly string[];
  readonly #declared: readonly (Column | undefined)[];
  readonly #candidates: (readonly ColumnType[])[];
  readonly #isEmpty: boolean[];

  constructor(header: CsvRecord, columns: readonly Column[]) {
    const byName = new Map(
      columns.flatMap((column) => [column.name, ...(column.aliases ?? [])].map((name) => [name, column])),
    );
    this.names = header;
    this.#declared = header.map((name) => byName.get(name));
    this.#candidates = header.map(() => CANDIDATES);
    this.#isEmpty = header.map(() => true);
  }

  /** False when the signature declares every column, so that nothing needs to be observed. */
  get needsObservation(): boolean {
    return this.#declared.includes(undefined);
  }

  observe(record: CsvRecord): void {
    for (const [index, cell] of record.entries()) {
      const candidates = this.#candidates[index];
      if (candidates === undefined || isMissing(cell)) continue;
      this.#isEmpty[index] = false;
      if (candidates.some((type) => parseCell(cell, type) === null))
        this.#candidates[index] = candidates.filter((type) => parseCell(cell, type) !== null);
    }
  }

  typeRecord(record: CsvRecord): TableRow {
    const fields: [string, ExactJson][] = [];
    for (const [index, name] of this.names.entries()) {
      const value = this.#typeCell(record[index] ?? "", index);
      if (value !== undefined) fields.push([name, value]);
    }
    // Not by assignment: a column "__proto__" must become a field and nothing else.
    return Object.fromEntries(fields);
  }

  /** The values in the order of the header, which an object does not keep: numbers among its keys come first. */
  typeCells(record: CsvRecord): readonly ExactJson[] {
    return this.names.map((_, index) => this.#typeCell(record[index] ?? "", index) ?? null);
  }

  #typeCell(cell: string, index: number): ExactJson | undefined {
    const column = this.#declared[index];
    if (column !== undefined) return readDeclaredCell(cell, column);
    if (isMissing(cell)) return null;
    const type = this.#isEmpty[index] === true ? "string" : (this.#candidates[index]?.[0] ?? "string");
    return parseCell(cell, type) ?? cell;
  }
}
