import type { JsonValue } from "../../kernel/json.ts";

/** Types of a column. `float` takes integers too and the strings `NaN`, `Infinity`, `-Infinity`. */
export const COLUMN_TYPES = ["integer", "float", "string", "boolean"] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

/** Where a column's values come from, for people who must deliver them. */
export interface ColumnSource {
  readonly system?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly query?: string | undefined;
}

/** One input column. Optional (may be absent), nullable (null allowed) and default are three different things. */
export interface Column {
  readonly name: string;
  /** Other names under which the value may come. */
  readonly aliases?: readonly string[] | undefined;
  readonly type: ColumnType;
  readonly optional?: boolean | undefined;
  readonly nullable?: boolean | undefined;
  /** The value of an absent key. */
  readonly default?: JsonValue | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly categories?: readonly (string | number | boolean)[] | undefined;
  /** What a value outside `categories` means: an error (the default), null, or let through. */
  readonly onUnknown?: "error" | "null" | "pass" | undefined;
  readonly unit?: string | undefined;
  readonly source?: ColumnSource | undefined;
  readonly description?: string | undefined;
  /** When the value is known, relative to the moment of prediction. */
  readonly availableAt?: string | undefined;
}

/** One output: a class label, a probability (of `classes`, or of the positive class) or a number. */
export interface OutputColumn {
  readonly name: string;
  readonly kind: "label" | "probability" | "value";
  readonly classes?: readonly (string | number | boolean)[] | undefined;
}

/** Columns in and out of a model (`signature.json`). */
export interface Signature {
  readonly columns: readonly Column[];
  readonly outputs: readonly OutputColumn[];
  /** What an undeclared key in a row means. Default `ignore`, with a warning. */
  readonly onExtra?: "ignore" | "error" | undefined;
  /** Rows to show and to prove with. */
  readonly examples?: readonly { readonly [column: string]: JsonValue }[] | undefined;
}
