import type { PredictForm } from "../../../src/model/definition/model-definition.ts";
import type { WorkerSpec } from "../../../src/model/ports/job.ts";
import type { ExactJson } from "../../../src/model/ports/predictor.ts";
import { nameValues } from "../../../src/model/prediction/request-envelope.ts";
import { rowBuilder, type BuildRow } from "./row-builder.ts";
import { isList } from "../serialize-value.ts";

/** A scorer that cannot be called as it should be, or that answers with something that is no list. */
class ScorerMisfit extends Error {
  override readonly name = "ScorerMisfit";
}

type Predict = (rows: unknown) => unknown;

/** One prediction a row: at once where the model is synchronous, so that the hot path never waits a turn. */
export type Predictions = ArrayLike<unknown> | Promise<ArrayLike<unknown>>;

/** Calls the model's `predict` in the form that it takes, with the rows that it takes. */
export class ScorerCaller {
  readonly #predict: Predict;
  readonly #form: PredictForm;
  readonly #buildRow: BuildRow;
  readonly #takesArrays: boolean;

  /** @throws ScorerMisfit when the instance has no `predict`. */
  constructor(scorer: unknown, spec: Pick<WorkerSpec, "predictForm" | "columns" | "probeRows" | "probeNames">) {
    this.#predict = predictOf(scorer);
    this.#form = spec.predictForm ?? "rows";
    this.#buildRow = rowBuilder(spec.columns);
    this.#takesArrays = Array.isArray(spec.probeRows[0]) && spec.probeNames === undefined;
  }

  get form(): PredictForm {
    return this.#form;
  }

  /**
   * @param rows - in wire form.
   * @param names - of the values of rows that are arrays: they become objects, unless the model's examples are arrays.
   * @throws what the model throws.
   */
  predict(rows: readonly unknown[], names?: readonly string[]): Predictions {
    const built =
      names === undefined || this.#takesArrays
        ? rows.map(this.#buildRow)
        : rows.map((row) => nameValues(row as readonly ExactJson[], names));
    if (this.#form === "row") return this.#predictEach(built);
    const answer = this.#predict(built);
    return isPromise(answer) ? Promise.resolve(answer).then(requireList) : requireList(answer);
  }

  /**
   * Tries one row, because nothing declares that `predict` takes many.
   * @throws ScorerMisfit, or what the model throws.
   */
  async probe(row: unknown, names?: readonly string[]): Promise<void> {
    const predictions = await this.predict([row], names);
    if (predictions.length !== 1)
      throw new ScorerMisfit(`ModelScorer.predict answered ${predictions.length} predictions for one row. ${FORMS}`);
  }

  #predictEach(rows: readonly unknown[]): Predictions {
    const answers: unknown[] = [];
    for (const [index, row] of rows.entries()) {
      const answer = this.#predict(row);
      if (isPromise(answer)) return this.#awaitEach(answers, answer, rows.slice(index + 1));
      answers.push(answer);
    }
    return answers;
  }

  /** One row after the other, as a synchronous scorer would have it. */
  async #awaitEach(answers: unknown[], pending: unknown, rest: readonly unknown[]): Promise<unknown[]> {
    answers.push(await pending);
    for (const row of rest) answers.push(await this.#predict(row));
    return answers;
  }
}

const FORMS =
  'It takes a list of rows and returns a list of as many predictions; a scorer that takes one row says "predict": "row" in model.json.';

function predictOf(scorer: unknown): Predict {
  const predict = (scorer as { readonly predict?: unknown }).predict;
  if (typeof predict !== "function") throw new ScorerMisfit("ModelScorer has no method predict.");
  return predict.bind(scorer) as Predict;
}

function requireList(answer: unknown): ArrayLike<unknown> {
  if (isList(answer)) return answer;
  const kind = answer === null ? "null" : typeof answer;
  throw new ScorerMisfit(`ModelScorer.predict answered no list but ${kind}. ${FORMS}`);
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
