import { isJsonObject, type JsonValue } from "../../kernel/json.ts";
import type { OutputColumn } from "../definition/signature.ts";
import type { ExactJson } from "../ports/predictor.ts";
import { toPlainJson } from "./exact-json.ts";
import type { PredictReply, RowErrors } from "./predict-reply.ts";
import { comparePredictions, type Tolerance } from "./tolerance.ts";

/** What a model said to one row. */
export type Answer =
  | { readonly prediction: JsonValue }
  /** The row was refused: column → messages. */
  | { readonly refused: RowErrors };

/** A row to which two models say different things. */
export interface RowDifference {
  /** Index among the rows that were asked. */
  readonly row: number;
  readonly expected: Answer;
  readonly actual: Answer;
}

export interface ReplyComparison {
  readonly equal: boolean;
  readonly rowCount: number;
  /** Rows that both answered. */
  readonly comparedCount: number;
  /** Rows that both refused: they show nothing. */
  readonly refusedCount: number;
  /** In order of the rows. */
  readonly differences: readonly RowDifference[];
}

/** How predictions of two models on the same rows are compared. */
export interface ReplyComparing {
  readonly tolerance: Tolerance;
  /** Of the signature; they tell labels, which must be equal, from numbers. Without them integers are labels where all are. */
  readonly outputs?: readonly OutputColumn[] | undefined;
}

/**
 * Compares two replies to the same rows, row by row: predictions by tolerance, labels by equality, and a row that only one
 * refused differs. Pure: any two sides may be compared so, also from tests of one's own.
 */
export function compareReplies(
  expected: PredictReply,
  actual: PredictReply,
  { tolerance, outputs = [] }: ReplyComparing,
): ReplyComparison {
  const [left, right] = [answersOf(expected), answersOf(actual)];
  const rows = [...new Set([...left.keys(), ...right.keys()])].sort((a, b) => a - b);
  const both: { row: number; left: ExactJson; right: ExactJson }[] = [];
  const differences: RowDifference[] = [];
  let refusedCount = 0;
  for (const row of rows) {
    const [one, other] = [left.get(row) ?? NO_ANSWER, right.get(row) ?? NO_ANSWER];
    if ("value" in one && "value" in other) both.push({ row, left: one.value, right: other.value });
    else if ("refused" in one && "refused" in other) refusedCount++;
    else differences.push({ row, expected: plain(one), actual: plain(other) });
  }
  const marking = labelMarking(
    both.flatMap(({ left: a, right: b }) => [a, b]),
    outputs,
  );
  const [marked, others] = [both.map((pair) => marking(pair.left)), both.map((pair) => marking(pair.right))];
  for (const { row: index } of comparePredictions(marked, others, tolerance).differences) {
    const pair = both[index];
    if (pair !== undefined)
      differences.push({ row: pair.row, expected: plain({ value: pair.left }), actual: plain({ value: pair.right }) });
  }
  differences.sort((a, b) => a.row - b.row);
  return {
    equal: differences.length === 0,
    rowCount: rows.length,
    comparedCount: both.length,
    refusedCount,
    differences,
  };
}

type Said = { readonly value: ExactJson } | { readonly refused: RowErrors };

const NO_ANSWER: Said = { refused: { "": ["was not answered"] } };

function answersOf({ predictions, rows, errors }: PredictReply): ReadonlyMap<number, Said> {
  const answers = new Map<number, Said>();
  predictions.forEach((value, index) => answers.set(rows[index] ?? index, { value }));
  for (const [row, refused] of Object.entries(errors ?? {})) answers.set(Number(row), { refused });
  return answers;
}

function plain(said: Said): Answer {
  return "value" in said ? { prediction: toPlainJson(said.value) } : said;
}

/** Turns labels that are numbers into text, so that no tolerance applies to them. */
function labelMarking(
  predictions: readonly ExactJson[],
  outputs: readonly OutputColumn[],
): (prediction: ExactJson) => ExactJson {
  const labels = outputs.filter(({ kind }) => kind === "label");
  if (outputs.length === 0) return predictions.every(hasIntegersOnly) ? markAll : (value) => value;
  if (labels.length === 0) return (value) => value;
  return (value) => markLabels(value, outputs);
}

function markLabels(prediction: ExactJson, outputs: readonly OutputColumn[]): ExactJson {
  const isLabel = (index: number): boolean => outputs[index]?.kind === "label";
  if (Array.isArray(prediction) && prediction.length === outputs.length)
    return (prediction as readonly ExactJson[]).map((value, index) => (isLabel(index) ? markAll(value) : value));
  if (!isObject(prediction)) return outputs.length === 1 ? markAll(prediction) : prediction;
  const kinds = new Map(outputs.map(({ name, kind }) => [name, kind]));
  return Object.fromEntries(
    Object.entries(prediction).map(([name, value]) => [name, kinds.get(name) === "label" ? markAll(value) : value]),
  );
}

function markAll(value: ExactJson): ExactJson {
  if (typeof value === "number" || typeof value === "bigint") return `${value}`;
  if (Array.isArray(value)) return (value as readonly ExactJson[]).map(markAll);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, markAll(field)]));
}

function hasIntegersOnly(value: ExactJson): boolean {
  if (typeof value === "number") return Number.isInteger(value);
  return typeof value !== "object" || value === null || Object.values(value).every(hasIntegersOnly);
}

function isObject(value: ExactJson): value is { readonly [key: string]: ExactJson } {
  return isJsonObject(value);
}
