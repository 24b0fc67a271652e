import type { EvaluationSpec } from "../../model/definition/model-definition.ts";
import type { OutputColumn } from "../../model/definition/signature.ts";
import { scorePredictions, togetherOf, type Metric } from "../../model/metrics/evaluate-predictions.ts";
import type { ScoredOutput } from "../../model/metrics/score-outputs.ts";
import type { JsonValue } from "../../kernel/json.ts";
import type { LoadedModel } from "../../serving/loaded-model.ts";
import { predictAll } from "../serving/record-answers.ts";
import type { LabelledRow } from "./labelled-rows.ts";

/** Metrics that the platform computed by asking the model through the serving path. */
export interface ModelEvaluation {
  readonly list: readonly Metric[];
  readonly metrics: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
  readonly predictions: readonly JsonValue[];
  /** What reports are made from. */
  readonly scored: readonly ScoredOutput[];
}

/**
 * Asks a model all labelled rows and scores the answers.
 * @throws Failure for rows that do not fit the signature, and whatever predicting throws.
 */
export async function evaluateModel(
  model: LoadedModel,
  request: {
    readonly rows: readonly LabelledRow[];
    readonly evaluation: { readonly positive?: EvaluationSpec["positive"] | JsonValue };
    readonly outputs: readonly OutputColumn[];
  },
): Promise<ModelEvaluation> {
  const rows = request.rows.map(({ row }) => row);
  const predictions = await predictAll(model, { rows }, "the evaluation data");
  const scored = scorePredictions({
    outputs: request.outputs,
    predictions,
    truth: request.rows.map(({ truth }) => truth),
    positive: request.evaluation.positive ?? undefined,
  });
  const { metrics: list, notes } = togetherOf(scored);
  const metrics = Object.fromEntries(list.map(({ name, value }) => [name, value]));
  return { list, metrics, notes, predictions, scored };
}
