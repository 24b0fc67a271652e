import { Failure } from "../../kernel/failure.ts";
import type { JsonValue } from "../../kernel/json.ts";
import { toPlainJson } from "../../model/prediction/exact-json.ts";
import type { PredictReply } from "../../model/prediction/predict-reply.ts";
import {
  comparePredictions,
  SAME_ENVIRONMENT,
  SAME_ENVIRONMENT_FLOAT32,
  type Difference,
  type Tolerance,
} from "../../model/prediction/tolerance.ts";
import type { ExampleRows, RecordedPredictions } from "../../model/version/manifest.ts";
import type { LoadedModel } from "../../serving/loaded-model.ts";
import { explainPredictFailure } from "./explain-predict-failure.ts";

/** Rows that are asked at once. */
const CHUNK_ROWS = 5_000;

/** Rows that are asked one by one to find out whether batching changes answers; more would only take longer. */
const MAX_SINGLE_ROWS = 20;

/**
 * The model's answer to rows that must all be good.
 * @param what - where the rows come from, as a reader would name it: "the examples".
 * @throws Failure `SCHEMA_MISMATCH` naming the first bad row, and whatever predicting throws.
 */
export async function predictAll(
  model: LoadedModel,
  { rows, names }: ExampleRows,
  what: string,
): Promise<readonly JsonValue[]> {
  const predictions: JsonValue[] = [];
  for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
    const reply = await model
      .predict({ rows: rows.slice(start, start + CHUNK_ROWS), names })
      .catch((error: unknown) => {
        throw explainPredictFailure(error, what);
      });
    refuseBadRows(reply, start, what);
    for (const prediction of reply.predictions) predictions.push(toPlainJson(prediction));
  }
  return predictions;
}

function refuseBadRows(reply: PredictReply, start: number, what: string): void {
  const [first] = Object.entries(reply.errors ?? {});
  if (first === undefined) return;
  const [row, columns] = first;
  const problems = Object.entries(columns).map(
    ([column, messages]) => `${column === "" ? "the row" : column} ${messages.join(", ")}`,
  );
  const others = Object.keys(reply.errors ?? {}).length - 1;
  const more = others === 0 ? "" : ` (and ${others} more ${others === 1 ? "row does" : "rows do"} not)`;
  throw new Failure("SCHEMA_MISMATCH", {
    message: `Row ${start + Number(row)} of ${what} does not fit the signature: ${problems.join("; ")}${more}.`,
    hint: "Mend the row or signature.json. Rows are counted from 0.",
  });
}

/** What was found out about a model by asking it. */
export interface RecordedAnswers {
  readonly recorded: RecordedPredictions | null;
  /** False when rows together and one by one were answered differently. */
  readonly batchable: boolean;
  /** The first row that was answered otherwise when all were asked once more; null: none, or there was no reason to ask. */
  readonly unrepeated: Difference | null;
}

/**
 * Asks a model (not batched) the rows together and one by one, and keeps the answers.
 * Differences beyond the tolerance of one environment mean that its requests must never be put together.
 */
export async function recordAnswers(
  model: LoadedModel,
  { rows, names }: ExampleRows,
  tolerance: Tolerance | null,
): Promise<RecordedAnswers> {
  if (rows.length === 0) return { recorded: null, batchable: true, unrepeated: null };
  const predictions = await predictAll(model, { rows, names }, "the examples");
  const singles: JsonValue[] = [];
  for (const row of rows.slice(0, MAX_SINGLE_ROWS))
    singles.push(...(await predictAll(model, { rows: [row], names }, "the examples")));
  const allowed = tolerance ?? toleranceInOneEnvironment(predictions);
  const { equal } = comparePredictions(predictions.slice(0, MAX_SINGLE_ROWS), singles, allowed);
  const recorded = { rows, ...(names === undefined ? {} : { names }), predictions };
  if (equal) return { recorded, batchable: true, unrepeated: null };
  // Either it matters to the model which rows come together, or it does not even repeat itself.
  const again = comparePredictions(predictions, await predictAll(model, recorded, "the examples"), allowed);
  return { recorded, batchable: false, unrepeated: again.equal ? null : (again.differences[0] ?? null) };
}

/** Models of single precision repeat themselves to about seven digits only. */
export function toleranceInOneEnvironment(predictions: readonly JsonValue[]): Tolerance {
  return isSinglePrecision(predictions) ? SAME_ENVIRONMENT_FLOAT32 : SAME_ENVIRONMENT;
}

/** True when every broken number is one that 32 bits can hold: chance makes that as good as impossible for doubles. */
function isSinglePrecision(value: JsonValue): boolean {
  if (typeof value === "number") return Number.isInteger(value) || Math.fround(value) === value;
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).every(isSinglePrecision);
}
