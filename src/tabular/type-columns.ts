import type { Column, ColumnType } from "../model/definition/signature.ts";
import type { TableRow } from "../model/definition/table-summary.ts";
import type { ExactJson } from "../model/ports/predictor.ts";
import { isMissing, parseCell, readDeclaredCell } from "./cell-values.ts";
import type { CsvRecord } from "./plain-lines.ts";

// The first type that every cell of the column has.
const CANDIDATES: readonly ColumnType[] = ["integer", "float", "boolean"];

const FIELD = { enumerable: true, writable: true, configurable: true };

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

  /**
   * Takes the cells of a record into account.
   * @returns true when a column turns out to be of another type than its cells were given so far. Integers in a column
   * of floats are none: they have the same values in both.
   */
  observe(record: CsvRecord): boolean {
    let isTakenBack = false;
    for (let index = 0; index < this.names.length; index++) {
      const cell = record[index] ?? "";
      const candidates = this.#candidates[index];
      if (candidates === undefined || isMissing(cell)) continue;
      const isFirst = this.#isEmpty[index];
      this.#isEmpty[index] = false;
      const [narrowest] = candidates;
      // After the first cell, what is of the narrowest type left is of the others too: integers are floats.
      if (narrowest === undefined || (isFirst !== true && parseCell(cell, narrowest) !== null)) continue;
      const left = candidates.filter((type) => parseCell(cell, type) !== null);
      this.#candidates[index] = left;
      if (isFirst !== true && left[0] !== "float") isTakenBack = true;
    }
    return isTakenBack;
  }

  typeRecord(record: CsvRecord): TableRow {
    const row: Record<string, ExactJson> = {};
    for (let index = 0; index < this.names.length; index++) {
      const name = this.names[index] ?? "";
      const value = this.#typeCell(record[index] ?? "", index);
      if (value === undefined) continue;
      // By assignment a column "__proto__" would become no field.
      if (name === "__proto__") Object.defineProperty(row, name, { value, ...FIELD });
      else row[name] = value;
    }
    return row;
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
