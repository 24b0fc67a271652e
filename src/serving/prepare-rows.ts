import { setImmediate as nextTurn } from "node:timers/promises";

import type { ExactJson } from "../model/ports/predictor.ts";
import { stringifyExact } from "../model/prediction/exact-json.ts";
import type { RowErrors } from "../model/prediction/predict-reply.ts";
import type { RowRules, WireRow } from "../model/prediction/row-rules.ts";

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

/**
 * Checks and serialises the rows of one request, many rows in several turns of the event loop.
 * @param rules - null without a signature: every row is good as it is.
 */
export async function prepareRows(rows: readonly ExactJson[], rules: RowRules | null): Promise<PreparedRows> {
  if (rows.length <= ROWS_A_TURN) return prepareSlice(rows, 0, rules);
  const slices: PreparedRows[] = [];
  for (let from = 0; from < rows.length; from += ROWS_A_TURN) {
    slices.push(prepareSlice(rows.slice(from, from + ROWS_A_TURN), from, rules));
    await nextTurn();
  }
  return joinSlices(slices);
}

function prepareSlice(rows: readonly ExactJson[], offset: number, rules: RowRules | null): PreparedRows {
  if (rules === null)
    return {
      rowsJson: elementsJson(rows),
      indexes: rows.map((_, index) => offset + index),
      errors: null,
      extras: null,
    };
  const wires: WireRow[] = [];
  const indexes: number[] = [];
  let errors: Record<string, RowErrors> | null = null;
  let extras: readonly string[] | null = null;
  for (const [index, row] of rows.entries()) {
    const checked = rules.check(row);
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
