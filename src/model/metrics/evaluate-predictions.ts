import { Failure } from "../../kernel/failure.ts";
import type { JsonValue } from "../../kernel/json.ts";
import type { OutputColumn } from "../definition/signature.ts";
import { scoreOutputs, type ScoredOutput } from "./score-outputs.ts";

export const METRIC_NAMES = [
  "accuracy",
  "balanced_accuracy",
  "precision",
  "recall",
  "f1",
  "log_loss",
  "roc_auc",
  "mae",
  "rmse",
  "r2",
  "mape",
] as const;
export type MetricName = (typeof METRIC_NAMES)[number];

export interface Metric {
  readonly name: MetricName;
  readonly value: number;
  /** Which way is better. */
  readonly direction: "higher" | "lower";
  /** Which class or average it is of, where that is not told by the name. */
  readonly about?: string;
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
 * Computes accuracy, balanced accuracy, precision, recall and F1 from labels; log loss and ROC AUC from probabilities;
 * MAE, RMSE, R² and MAPE from values.
 * A metric covers every row or is left out with a note: probabilities are never made up from labels, and rows that
 * the model did not answer properly are never dropped from an average.
 * @throws Failure `PREDICTION_MISMATCH` when there are not as many predictions as true values.
 */
export function evaluatePredictions(input: EvaluationInput): PredictionEvaluation {
  return togetherOf(scorePredictions(input));
}

/** What `evaluatePredictions` computes, with what figures and intervals are made from. */
export function scorePredictions(input: EvaluationInput): readonly ScoredOutput[] {
  const { outputs, predictions, truth } = input;
  if (predictions.length !== truth.length) {
    throw new Failure("PREDICTION_MISMATCH", {
      message: `The model answered ${predictions.length} predictions for ${truth.length} labelled rows.`,
    });
  }
  const note =
    truth.length === 0
      ? "There are no labelled rows to evaluate on."
      : outputs.length === 0
        ? 'No metrics: the signature declares no "outputs", so nobody knows what a prediction is.'
        : null;
  return note === null ? scoreOutputs(input) : [{ metrics: [], notes: [note], resampled: [] }];
}

/** The metrics of all outputs as one. */
export function togetherOf(parts: readonly ScoredOutput[]): PredictionEvaluation {
  return { metrics: parts.flatMap((part) => part.metrics), notes: parts.flatMap((part) => part.notes) };
}
