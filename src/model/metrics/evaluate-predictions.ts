import { Failure } from "../../kernel/failure.ts";
import type { JsonValue } from "../../kernel/json.ts";
import type { OutputColumn } from "../definition/signature.ts";
import { accuracy, logLoss, meanAbsoluteError, rootMeanSquaredError } from "./formulas.ts";
import { probabilityOf, readOutput } from "./read-output.ts";
import { readNumber } from "./same-label.ts";

export type MetricName = "accuracy" | "log_loss" | "mae" | "rmse";

export interface Metric {
  readonly name: MetricName;
  readonly value: number;
  /** Which way is better. */
  readonly direction: "higher" | "lower";
}

export interface PredictionEvaluation {
  readonly metrics: readonly Metric[];
  /** Why a metric that one might expect is not there, as sentences. */
  readonly notes: readonly string[];
}

export interface EvaluationInput {
  /** Outputs of the signature; they say what is a label, a probability or a number. */
  readonly outputs: readonly OutputColumn[];
  readonly predictions: readonly JsonValue[];
  /** The true value of each row. */
  readonly truth: readonly JsonValue[];
  /** The class of which a single probability is; with two declared classes the second unless told. */
  readonly positive?: JsonValue | undefined;
}

/**
 * Computes accuracy from labels, log loss from probabilities, MAE and RMSE from values.
 * A metric covers every row or is left out with a note: probabilities are never made up from labels, and rows that
 * the model did not answer properly are never dropped from an average.
 * @throws Failure `PREDICTION_MISMATCH` when there are not as many predictions as true values.
 */
export function evaluatePredictions(input: EvaluationInput): PredictionEvaluation {
  const { outputs, predictions, truth } = input;
  if (predictions.length !== truth.length) {
    throw new Failure("PREDICTION_MISMATCH", {
      message: `The model answered ${predictions.length} predictions for ${truth.length} labelled rows.`,
    });
  }
  if (truth.length === 0) return without("There are no labelled rows to evaluate on.");
  if (outputs.length === 0)
    return without('No metrics: the signature declares no "outputs", so nobody knows what a prediction is.');
  const parts = outputsToScore(outputs).map((output) => scoreOutput(output, input));
  return { metrics: parts.flatMap((part) => part.metrics), notes: parts.flatMap((part) => part.notes) };
}

/** One of each kind: there is one true value a row. A number beside labels is a score of some kind, not the truth. */
function outputsToScore(outputs: readonly OutputColumn[]): readonly OutputColumn[] {
  const first = (kind: OutputColumn["kind"]): OutputColumn[] =>
    outputs.filter((output) => output.kind === kind).slice(0, 1);
  const classes = [...first("label"), ...first("probability")];
  return classes.length > 0 ? classes : first("value");
}

function scoreOutput(output: OutputColumn, input: EvaluationInput): PredictionEvaluation {
  const answers = input.predictions.map((prediction) => readOutput(prediction, output, input.outputs));
  const missing = answers.findIndex((answer) => answer === undefined);
  if (missing !== -1)
    return without(`No metrics of "${output.name}": the prediction of row ${missing} does not have it.`);
  const values = answers.map((answer) => answer ?? null);
  switch (output.kind) {
    case "label":
      return { metrics: [{ name: "accuracy", value: accuracy(input.truth, values), direction: "higher" }], notes: [] };
    case "probability":
      return scoreProbabilities(output, values, input);
    case "value":
      return scoreValues(output, values, input.truth);
    default:
      return output.kind satisfies never;
  }
}

function scoreProbabilities(
  output: OutputColumn,
  values: readonly JsonValue[],
  input: EvaluationInput,
): PredictionEvaluation {
  const { classes } = output;
  const positive = input.positive ?? (classes?.length === 2 ? classes[1] : undefined);
  const shares = input.truth.map((truth, row) => probabilityOf(values[row], truth, { classes, positive }));
  const unclear = shares.indexOf(null);
  if (unclear !== -1) {
    const remedy =
      positive === undefined && classes === undefined
        ? ' Declare "classes" in the signature or "positive" in "evaluation".'
        : "";
    return without(
      `No log loss: the prediction of row ${unclear} gives no probability of the true class ${JSON.stringify(input.truth[unclear])}.${remedy}`,
    );
  }
  const value = logLoss(shares.filter((share) => share !== null));
  return { metrics: [{ name: "log_loss", value, direction: "lower" }], notes: [] };
}

function scoreValues(
  output: OutputColumn,
  values: readonly JsonValue[],
  truth: readonly JsonValue[],
): PredictionEvaluation {
  const predicted = values.map(readNumber);
  const expected = truth.map(readNumber);
  const unclear = expected.findIndex((value, row) => value === null || predicted[row] === null);
  if (unclear !== -1) {
    const whose = expected[unclear] === null ? "true value" : `prediction "${output.name}"`;
    return without(`No MAE and RMSE: the ${whose} of row ${unclear} is not a number.`);
  }
  const [y, p] = [expected, predicted].map((list) => list.filter((value) => value !== null)) as [number[], number[]];
  return {
    metrics: [
      { name: "mae", value: meanAbsoluteError(y, p), direction: "lower" },
      { name: "rmse", value: rootMeanSquaredError(y, p), direction: "lower" },
    ],
    notes: [],
  };
}

function without(note: string): PredictionEvaluation {
  return { metrics: [], notes: [note] };
}
