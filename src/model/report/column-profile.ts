import type { ExactJson } from "../ports/predictor.ts";
import { histogramOf, type Histogram } from "../metrics/curves/histogram.ts";

/** What the values of one column are like. */
export interface ColumnProfile {
  readonly name: string;
  /** Kinds of values, the most frequent first: `integer` (alone), `float`, `string`, `boolean`, `other`. */
  readonly types: readonly string[];
  readonly rowCount: number;
  /** Rows in which it is null or absent. */
  readonly missingCount: number;
  /** Null where there are more than ten thousand. */
  readonly distinctCount: number | null;
  /** Of numbers. */
  readonly range: { readonly min: number; readonly max: number; readonly mean: number } | null;
  readonly histogram: Histogram | null;
  /** The most frequent values, where there are few different ones that are no numbers. */
  readonly categories: readonly { readonly value: string; readonly count: number }[];
}

const MAX_DISTINCT = 10_000;
const MAX_CATEGORIES = 12;
const MAX_CATEGORY_LENGTH = 60;
const BINS = 20;

/** Rows beyond these are not looked at; a profile says so by its number of rows. */
export const MAX_PROFILED_ROWS = 200_000;

/** Profiles a table row by row. */
export class ColumnProfiler {
  readonly #columns = new Map<string, ColumnTally>();
  #rowCount = 0;

  get isFull(): boolean {
    return this.#rowCount >= MAX_PROFILED_ROWS;
  }

  add(row: Readonly<Record<string, ExactJson>>): void {
    if (this.isFull) return;
    this.#rowCount++;
    for (const name in row) {
      let column = this.#columns.get(name);
      if (column === undefined) this.#columns.set(name, (column = new ColumnTally()));
      column.add(row[name] ?? null);
    }
  }

  /** In the order in which columns first came. */
  profiles(): readonly ColumnProfile[] {
    return [...this.#columns].map(([name, column]) => column.profile(name, this.#rowCount));
  }
}

class ColumnTally {
  readonly #kinds = new Map<string, number>();
  readonly #counts = new Map<ExactJson, number>();
  readonly #numbers: number[] = [];
  #presentCount = 0;

  add(value: ExactJson): void {
    if (value === null) return;
    this.#presentCount++;
    const kind = kindOf(value);
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
    if (typeof value === "number" || typeof value === "bigint") this.#numbers.push(Number(value));
    if (this.#counts.size <= MAX_DISTINCT) this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
  }

  profile(name: string, rowCount: number): ColumnProfile {
    const numbers = Float64Array.from(this.#numbers);
    const histogram = histogramOf(numbers, BINS);
    const sum = numbers.reduce((total, value) => total + value, 0);
    return {
      name,
      types: this.#types(),
      rowCount,
      missingCount: rowCount - this.#presentCount,
      distinctCount: this.#counts.size > MAX_DISTINCT ? null : this.#counts.size,
      range: histogram === null ? null : { min: histogram.low, max: histogram.high, mean: sum / numbers.length },
      histogram,
      categories: histogram === null ? this.#categories() : [],
    };
  }

  /** Whole numbers among others are floats that happen to be whole. */
  #types(): readonly string[] {
    const kinds = [...this.#kinds].sort(([, a], [, b]) => b - a).map(([kind]) => kind);
    return kinds.includes("float") ? kinds.filter((kind) => kind !== "integer") : kinds;
  }

  /** Texts that nearly all differ say nothing together, and may be names of people. */
  #categories(): ColumnProfile["categories"] {
    if (this.#counts.size > MAX_CATEGORIES || this.#counts.size * 2 > this.#presentCount) return [];
    return [...this.#counts].sort(([, a], [, b]) => b - a).map(([value, count]) => ({ value: shown(value), count }));
  }
}

function kindOf(value: ExactJson): string {
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "float";
  if (typeof value === "bigint") return "integer";
  return typeof value === "string" || typeof value === "boolean" ? typeof value : "other";
}

function shown(value: ExactJson): string {
  const text = typeof value === "object" ? "(object)" : String(value);
  return text.length > MAX_CATEGORY_LENGTH ? `${text.slice(0, MAX_CATEGORY_LENGTH)}…` : text;
}
