import type { JsonObject } from "../../kernel/json.ts";
import type { ExactJson } from "../ports/predictor.ts";

/** A row as an object: column name → value. */
export type TableRow = Readonly<Record<string, ExactJson>>;

type ValueKind = "integer" | "float" | "string" | "boolean" | "other";

/** What was seen in one column. */
export interface ColumnSummary {
  readonly name: string;
  /** Kinds of the values that were seen, nulls apart. */
  readonly kinds: ReadonlySet<ValueKind>;
  /** Rows with a value, null included. */
  readonly presentCount: number;
  readonly nullCount: number;
  /** Different values, or null where there are too many to count. */
  readonly distinct: ReadonlySet<ExactJson> | null;
  /** True until a value came twice; values beyond the first ten thousand different ones are not compared. */
  readonly isUnique: boolean;
  /** Of numbers; null when there were none. */
  readonly range: { readonly min: number | bigint; readonly max: number | bigint } | null;
  /** True when every text looks like a date, for example 2024-03-01. */
  readonly isDates: boolean;
}

/** What was seen in a table, in the order in which columns first came. */
export interface TableSummary {
  readonly rowCount: number;
  readonly columns: readonly ColumnSummary[];
  /** Up to two rows to show: whole ones where there are any. */
  readonly examples: readonly JsonObject[];
}

const MAX_DISTINCT = 10_000;
const EXAMPLE_COUNT = 2;
const DATE = /^(\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?|\d{1,2}[./]\d{1,2}[./]\d{4})$/;

interface Tally {
  kinds: Set<ValueKind>;
  presentCount: number;
  nullCount: number;
  distinct: Set<ExactJson>;
  isUnique: boolean;
  range: { min: number | bigint; max: number | bigint } | null;
  isDates: boolean;
}

/** Sums up a table row by row, in memory that does not grow with its length. */
export class TableSummarizer {
  readonly #columns = new Map<string, Tally>();
  readonly #first: JsonObject[] = [];
  readonly #whole: JsonObject[] = [];
  #rowCount = 0;

  add(row: TableRow): void {
    this.#rowCount++;
    for (const name in row) {
      const value = row[name] ?? null;
      let tally = this.#columns.get(name);
      if (tally === undefined) this.#columns.set(name, (tally = emptyTally()));
      addValue(tally, value);
    }
    if (this.#whole.length >= EXAMPLE_COUNT) return;
    const example = exampleOf(row);
    if (example === null) return;
    if (this.#first.length < EXAMPLE_COUNT) this.#first.push(example);
    if (!Object.values(example).includes(null)) this.#whole.push(example);
  }

  summary(): TableSummary {
    const columns = [...this.#columns].map(([name, tally]) => ({
      ...tally,
      name,
      distinct: tally.distinct.size >= MAX_DISTINCT ? null : tally.distinct,
      isDates: tally.isDates && tally.kinds.size === 1 && tally.kinds.has("string"),
    }));
    const examples = this.#whole.length >= EXAMPLE_COUNT ? this.#whole : this.#first;
    return { rowCount: this.#rowCount, columns, examples };
  }
}

function emptyTally(): Tally {
  return {
    kinds: new Set(),
    presentCount: 0,
    nullCount: 0,
    distinct: new Set(),
    isUnique: true,
    range: null,
    isDates: true,
  };
}

function addValue(tally: Tally, value: ExactJson): void {
  tally.presentCount++;
  if (value === null) {
    tally.nullCount++;
    return;
  }
  tally.kinds.add(kindOf(value));
  if (tally.distinct.size < MAX_DISTINCT) {
    const sizeBefore = tally.distinct.size;
    if (tally.distinct.add(value).size === sizeBefore) tally.isUnique = false;
  }
  if (typeof value === "string") tally.isDates &&= DATE.test(value);
  if (typeof value === "number" || typeof value === "bigint") {
    tally.range ??= { min: value, max: value };
    if (value < tally.range.min) tally.range.min = value;
    if (value > tally.range.max) tally.range.max = value;
  }
}

function kindOf(value: ExactJson): ValueKind {
  switch (typeof value) {
    case "number":
      return Number.isInteger(value) ? "integer" : "float";
    case "bigint":
      return "integer";
    case "string":
      return "string";
    case "boolean":
      return "boolean";
    default:
      return "other";
  }
}

/** The row as JSON, or null where it holds what a signature's example cannot. */
function exampleOf(row: TableRow): JsonObject | null {
  const example: Record<string, null | string | number | boolean> = {};
  for (const [name, value] of Object.entries(row)) {
    if (typeof value === "bigint" || (typeof value === "object" && value !== null)) return null;
    example[name] = value;
  }
  return example;
}
