import {
  bootstrapIntervals,
  planBootstrap,
  type BootstrapPlan,
  type Interval,
} from "../metrics/bootstrap/bootstrap.ts";
import { calibrationBins } from "../metrics/curves/calibration.ts";
import { confusionMatrix, labelText } from "../metrics/curves/confusion-matrix.ts";
import { thinned } from "../metrics/curves/curve.ts";
import { averagePrecision, precisionRecallCurve, rocCurve } from "../metrics/curves/rank-curves.ts";
import { residualsOf } from "../metrics/curves/residuals.ts";
import { togetherOf } from "../metrics/evaluate-predictions.ts";
import { rocAuc } from "../metrics/formulas/ranked-scores.ts";
import type { ScoredOutput } from "../metrics/score-outputs.ts";
import type { RankedClass } from "../metrics/scores/share-scores.ts";
import type { ColumnProfile } from "./column-profile.ts";
import type { ClassFigures, ReportData } from "./report-data.ts";

/** More curves in one figure could not be told apart. */
const MAX_CURVES = 8;

/** From what a model was asked and answered, everything that a report shows. Equal rows and answers give equal data. */
export function analyseEvaluation(
  parts: readonly ScoredOutput[],
  {
    rowCount,
    columns,
    keepsRows,
  }: { readonly rowCount: number; readonly columns: readonly ColumnProfile[]; readonly keepsRows: boolean },
): ReportData {
  const { metrics, notes } = togetherOf(parts);
  const plan = rowCount > 1 && metrics.length > 0 ? planBootstrap(rowCount) : null;
  const intervals = plan === null ? new Map<string, Interval | null>() : intervalsOf(parts, rowCount, plan);
  const labels = parts.find((part) => part.labels !== undefined)?.labels;
  const values = parts.find((part) => part.values !== undefined)?.values;
  const classes = parts.find((part) => part.classes !== undefined)?.classes ?? [];
  const residuals = values === undefined ? null : residualsOf(values.truth, values.predicted);
  return {
    schemaVersion: 1,
    rowCount,
    metrics: metrics.map((metric) => ({ ...metric, interval: intervals.get(metric.name) ?? null })),
    bootstrap: plan,
    notes,
    confusion: labels === undefined ? null : confusionMatrix(labels),
    classes: mostFrequent(classes).map(classFigures),
    // A point is a row.
    residuals: residuals === null || keepsRows ? residuals : { ...residuals, points: [] },
    columns: keepsRows ? columns : [],
  };
}

function intervalsOf(
  parts: readonly ScoredOutput[],
  rowCount: number,
  plan: BootstrapPlan,
): ReadonlyMap<string, Interval | null> {
  const groups = parts.flatMap(({ resampled }) => resampled);
  const found = bootstrapIntervals(
    groups.map(({ compute }) => compute),
    rowCount,
    plan,
  );
  return new Map(
    groups.flatMap(({ names }, group) => names.map((name, index) => [name, found[group]?.[index] ?? null] as const)),
  );
}

function mostFrequent(classes: readonly RankedClass[]): readonly RankedClass[] {
  if (classes.length <= MAX_CURVES) return classes;
  const counts = new Map(classes.map((one) => [one, rowsOf(one)]));
  const least = [...counts.values()].sort((a, b) => b - a)[MAX_CURVES - 1] ?? 0;
  return classes.filter((one) => (counts.get(one) ?? 0) >= least).slice(0, MAX_CURVES);
}

function rowsOf({ isOf }: RankedClass): number {
  return isOf.reduce((sum, one) => sum + one, 0);
}

function classFigures(scores: RankedClass): ClassFigures {
  const { ranked } = scores;
  const curve = precisionRecallCurve(ranked);
  return {
    label: labelText(scores.label),
    share: rowsOf(scores) / scores.isOf.length,
    rocAuc: rocAuc(ranked, null),
    roc: thinned(rocCurve(ranked)),
    averagePrecision: averagePrecision(curve),
    precisionRecall: thinned(curve),
    calibration: calibrationBins(scores),
  };
}
