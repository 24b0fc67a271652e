import type { JsonValue } from "../../kernel/json.ts";
import type { OutputColumn } from "../definition/signature.ts";
import type { WeightedMetrics } from "./bootstrap/bootstrap.ts";
import type { EvaluationInput, Metric, MetricName } from "./evaluate-predictions.ts";
import { classCounter, labelMetrics } from "./formulas/label-metrics.ts";
import { logLoss, lossOf, meanAbsoluteError, rootMeanSquaredError } from "./formulas/means.ts";
import { macroRocAuc, rankScores } from "./formulas/ranked-scores.ts";
import { meanAbsolutePercentageError, rSquared, weightedValueMetrics } from "./formulas/value-metrics.ts";
import { probabilityOf, readOutput } from "./read-output.ts";
import { readNumber } from "./same-label.ts";
import { labelScores, type LabelScores } from "./scores/label-scores.ts";
import { shareScores, type ClassScores, type RankedClass } from "./scores/share-scores.ts";

/** What one output of the predictions gives: its metrics, and what figures and intervals are made from. */
export interface ScoredOutput {
  readonly metrics: readonly Metric[];
  readonly notes: readonly string[];
  /** For resampling: values in the order of `names`. */
  readonly resampled: readonly { readonly names: readonly MetricName[]; readonly compute: WeightedMetrics }[];
  readonly labels?: LabelScores;
  /** Only of classes that have rows of their own and others: there is no curve without both. */
  readonly classes?: readonly RankedClass[];
  readonly values?: ValueScores;
}

export interface ValueScores {
  readonly truth: Float64Array;
  readonly predicted: Float64Array;
}

/** Scores the outputs that are about the truth: one of each kind, labels and probabilities before values. */
export function scoreOutputs(input: EvaluationInput): readonly ScoredOutput[] {
  return outputsToScore(input.outputs).map((output) => scoreOutput(output, input));
}

/** There is one true value a row: a number beside labels is a score of some kind, not the truth. */
function outputsToScore(outputs: readonly OutputColumn[]): readonly OutputColumn[] {
  const first = (kind: OutputColumn["kind"]): OutputColumn[] =>
    outputs.filter((output) => output.kind === kind).slice(0, 1);
  const classes = [...first("label"), ...first("probability")];
  return classes.length > 0 ? classes : first("value");
}

function scoreOutput(output: OutputColumn, input: EvaluationInput): ScoredOutput {
  const answers = input.predictions.map((prediction) => readOutput(prediction, output, input.outputs));
  const missing = answers.findIndex((answer) => answer === undefined);
  if (missing !== -1)
    return without(`No metrics of "${output.name}": the prediction of row ${missing} does not have it.`);
  const values = answers.map((answer) => answer ?? null);
  switch (output.kind) {
    case "label":
      return scoreLabels(output, values, input);
    case "probability":
      return scoreProbabilities(output, values, input);
    case "value":
      return scoreValues(output, values, input.truth);
    default:
      return output.kind satisfies never;
  }
}

const LABEL_METRICS = ["accuracy", "balanced_accuracy", "precision", "recall", "f1"] as const;

function scoreLabels(output: OutputColumn, values: readonly JsonValue[], input: EvaluationInput): ScoredOutput {
  const classes = output.classes ?? input.outputs.find((other) => other.classes !== undefined)?.classes;
  const labels = labelScores(input.truth, values, { classes, positive: input.positive });
  const count = classCounter(labels);
  const found = labelMetrics(count(null), labels.positive);
  const average =
    labels.positive === null
      ? "mean over the classes"
      : `of class ${JSON.stringify(labels.classes[labels.positive] ?? null)}`;
  return {
    metrics: LABEL_METRICS.map((name) => ({
      name,
      value: found[name],
      direction: "higher",
      ...(name.endsWith("accuracy") ? {} : { about: average }),
    })),
    notes: [],
    resampled: [
      {
        names: LABEL_METRICS,
        compute: (weights) => {
          const again = labelMetrics(count(weights), labels.positive);
          return LABEL_METRICS.map((name) => again[name]);
        },
      },
    ],
    labels,
  };
}

function scoreProbabilities(output: OutputColumn, values: readonly JsonValue[], input: EvaluationInput): ScoredOutput {
  const classes = classesOfProbability(output, input);
  const positive = input.positive ?? (classes?.length === 2 ? classes[1] : undefined);
  const ofTruth = input.truth.map((truth, row) => probabilityOf(values[row], truth, { classes, positive }));
  const unclear = ofTruth.indexOf(null);
  if (unclear !== -1) {
    const remedy =
      positive === undefined && classes === undefined
        ? ' Declare "classes" in the signature or "positive" in "evaluation".'
        : "";
    return without(
      `No log loss: the prediction of row ${unclear} gives no probability of the true class ${JSON.stringify(input.truth[unclear])}.${remedy}`,
    );
  }
  const probabilities = Float64Array.from(ofTruth, (share) => share ?? Number.NaN);
  const losses = probabilities.map(lossOf);
  const logLossPart: ScoredOutput = {
    metrics: [{ name: "log_loss", value: logLoss(probabilities), direction: "lower" }],
    notes: [],
    resampled: [{ names: ["log_loss"], compute: (weights) => [weightedMean(losses, weights)] }],
  };
  return joined(logLossPart, scoreRanks(shareScores(values, input.truth, { classes, positive })));
}

/** Those of the output, else the two of the label beside it: a probability that stands alone is of the second. */
function classesOfProbability({ classes }: OutputColumn, { outputs }: EvaluationInput): OutputColumn["classes"] {
  if (classes !== undefined) return classes;
  const ofLabel = outputs.find(({ kind }) => kind === "label")?.classes;
  return ofLabel?.length === 2 ? ofLabel : undefined;
}

/** More classes than this would take too long to rank again and again; the area itself is still computed. */
const MAX_RESAMPLED_CLASSES = 12;

function scoreRanks(shares: readonly ClassScores[] | null): ScoredOutput {
  if (shares === null) return without("No ROC AUC: the predictions do not give a probability of every class.");
  const flat = shares.find(({ isOf }) => !isOf.includes(1) || !isOf.includes(0));
  if (flat !== undefined) {
    const how = flat.isOf.includes(1) ? "every" : "no";
    return {
      ...without(`No ROC AUC: ${how} row is of class ${JSON.stringify(flat.label)}.`),
      classes: rankClasses(shares),
    };
  }
  const classes = rankClasses(shares);
  const ranked = classes.map((one) => one.ranked);
  const [only, another] = shares;
  const about =
    another === undefined
      ? `of class ${JSON.stringify(only?.label ?? null)}`
      : "mean over the classes, each against the rest";
  return {
    metrics: [{ name: "roc_auc", value: macroRocAuc(ranked, null), direction: "higher", about }],
    notes: [],
    resampled:
      ranked.length > MAX_RESAMPLED_CLASSES
        ? []
        : [{ names: ["roc_auc"], compute: (weights) => [macroRocAuc(ranked, weights)] }],
    classes,
  };
}

function rankClasses(shares: readonly ClassScores[]): readonly RankedClass[] {
  const usable = shares.filter(({ isOf }) => isOf.includes(1) && isOf.includes(0));
  return usable.map((scores) => ({ ...scores, ranked: rankScores(scores) }));
}

function scoreValues(output: OutputColumn, values: readonly JsonValue[], truths: readonly JsonValue[]): ScoredOutput {
  const predicted = values.map(readNumber);
  const expected = truths.map(readNumber);
  const unclear = expected.findIndex((value, row) => value === null || predicted[row] === null);
  if (unclear !== -1) {
    const whose = expected[unclear] === null ? "true value" : `prediction "${output.name}"`;
    return without(`No MAE and RMSE: the ${whose} of row ${unclear} is not a number.`);
  }
  const [y, p] = [Float64Array.from(expected, asNumber), Float64Array.from(predicted, asNumber)];
  const absolute = y.map((value, row) => Math.abs(value - (p[row] ?? Number.NaN)));
  const metrics: readonly Metric[] = [
    { name: "mae", value: meanAbsoluteError(y, p), direction: "lower" },
    { name: "rmse", value: rootMeanSquaredError(y, p), direction: "lower" },
    { name: "r2", value: rSquared(y, p), direction: "higher" },
    { name: "mape", value: meanAbsolutePercentageError(y, p), direction: "lower" },
  ];
  return {
    metrics: metrics.filter(({ value }) => Number.isFinite(value)),
    notes: [
      ...(y.length < 2 ? ["No R²: it takes two rows or more."] : []),
      ...(y.includes(0) ? [`No MAPE: the true value of row ${y.indexOf(0)} is 0.`] : []),
    ],
    resampled: [
      {
        names: ["mae", "rmse", "r2", "mape"],
        compute: (weights) => weightedValueMetrics({ truth: y, absolute }, weights),
      },
    ],
    values: { truth: y, predicted: p },
  };
}

function asNumber(value: number | null): number {
  return value ?? Number.NaN;
}

function weightedMean(values: Float64Array, weights: Uint16Array): number {
  let [sum, count] = [0, 0];
  for (let row = 0; row < values.length; row++) {
    const weight = weights[row] ?? 0;
    sum += weight * (values[row] ?? 0);
    count += weight;
  }
  return sum / count;
}

function joined(a: ScoredOutput, b: ScoredOutput): ScoredOutput {
  return {
    ...a,
    ...b,
    metrics: [...a.metrics, ...b.metrics],
    notes: [...a.notes, ...b.notes],
    resampled: [...a.resampled, ...b.resampled],
  };
}

function without(note: string): ScoredOutput {
  return { metrics: [], notes: [note], resampled: [] };
}
