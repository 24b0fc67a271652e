import { setImmediate as nextTurn } from "node:timers/promises";

import type { ExactJson } from "../model/ports/predictor.ts";
import { stringifyExact } from "../model/prediction/exact-json.ts";
import type { RowErrors } from "../model/prediction/predict-reply.ts";
import { nameValues } from "../model/prediction/request-envelope.ts";
import type { CheckedRow, RowRules } from "../model/prediction/row-rules.ts";

/** Rows that are checked and serialised before other requests get their turn: a few milliseconds. */
const ROWS_A_TURN = 1_000;

/** The good rows of a request, ready to be sent, and what was wrong with the others. */
export interface PreparedRows {
  /** Good rows in wire form as JSON, joined by commas, without the brackets around them. */
  readonly rowsJson: string;
  /** Input index of each good row. */
  readonly indexes: readonly number[];
  /** By input index; null when every row is good. */
  readonly errors: Readonly<Record<string, RowErrors>> | null;
  /** Names beyond the signature's columns that rows had; null when there were none. */
  readonly extras: readonly string[] | null;
}

/** What tells good rows from bad ones. */
export interface RowExpectations {
  /** Null without a signature: rows are good as they are, but for `names`. */
  readonly rules: RowRules | null;
  /** Names of the values where rows are arrays; such a row must have as many. */
  readonly names: readonly string[] | null;
}

type CheckRow = (
  row: ExactJson,
) => CheckedRow | { readonly wire: ExactJson; readonly errors: null; readonly extras: null };

/** Checks and serialises the rows of one request: at once, or many rows in several turns of the event loop. */
export function prepareRows(
  rows: readonly ExactJson[],
  { rules, names }: RowExpectations,
): PreparedRows | Promise<PreparedRows> {
  const check = checkOf(rules, names);
  return rows.length <= ROWS_A_TURN ? prepareSlice(rows, 0, check) : prepareInTurns(rows, check);
}

async function prepareInTurns(rows: readonly ExactJson[], check: CheckRow | null): Promise<PreparedRows> {
  const slices: PreparedRows[] = [];
  for (let from = 0; from < rows.length; from += ROWS_A_TURN) {
    slices.push(prepareSlice(rows.slice(from, from + ROWS_A_TURN), from, check));
    await nextTurn();
  }
  return joinSlices(slices);
}

/** Null when nothing is checked. */
function checkOf(rules: RowRules | null, names: readonly string[] | null): CheckRow | null {
  if (names === null) return rules === null ? null : (row) => rules.check(row);
  const problem = { wire: null, errors: { "": [`must be a list of ${names.length} values`] }, extras: null };
  const fits = (row: ExactJson): row is readonly ExactJson[] => Array.isArray(row) && row.length === names.length;
  if (rules === null) return (row) => (fits(row) ? { wire: row, errors: null, extras: null } : problem);
  return (row) => (fits(row) ? rules.check(nameValues(row, names)) : problem);
}

function prepareSlice(rows: readonly ExactJson[], offset: number, check: CheckRow | null): PreparedRows {
  if (check === null)
    return {
      rowsJson: elementsJson(rows),
      indexes: rows.map((_, index) => offset + index),
      errors: null,
      extras: null,
    };
  const wires: ExactJson[] = [];
  const indexes: number[] = [];
  let errors: Record<string, RowErrors> | null = null;
  let extras: readonly string[] | null = null;
  for (const [index, row] of rows.entries()) {
    const checked = check(row);
    if (checked.errors !== null) {
      (errors ??= {})[offset + index] = checked.errors;
      continue;
    }
    wires.push(checked.wire);
    indexes.push(offset + index);
    // One row's extra names are enough for the warning.
    extras ??= checked.extras;
  }
  return { rowsJson: elementsJson(wires), indexes, errors, extras };
}

function elementsJson(rows: readonly ExactJson[]): string {
  return stringifyExact(rows).slice(1, -1);
}

function joinSlices(slices: readonly PreparedRows[]): PreparedRows {
  const errors = slices.flatMap((slice) => Object.entries(slice.errors ?? {}));
  return {
    rowsJson: slices
      .filter((slice) => slice.indexes.length > 0)
      .map((slice) => slice.rowsJson)
      .join(","),
    indexes: slices.flatMap((slice) => slice.indexes),
    errors: errors.length === 0 ? null : Object.fromEntries(errors),
    extras: slices.find((slice) => slice.extras !== null)?.extras ?? null,
  };
}
