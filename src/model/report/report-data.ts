import type { BootstrapPlan, Interval } from "../metrics/bootstrap/bootstrap.ts";
import type { CalibrationBin } from "../metrics/curves/calibration.ts";
import type { ConfusionMatrix } from "../metrics/curves/confusion-matrix.ts";
import type { CurvePoint } from "../metrics/curves/curve.ts";
import type { Residuals } from "../metrics/curves/residuals.ts";
import type { Metric } from "../metrics/evaluate-predictions.ts";
import type { ColumnProfile } from "./column-profile.ts";

/** A metric, and within which bounds it would vary over other samples of as many rows. */
export interface ReportedMetric extends Metric {
  readonly interval: Interval | null;
}

/** What is drawn of one class against all others. */
export interface ClassFigures {
  readonly label: string;
  /** Share of the rows that are of the class: the precision of a guess. */
  readonly share: number;
  readonly rocAuc: number;
  readonly roc: readonly CurvePoint[];
  readonly averagePrecision: number;
  readonly precisionRecall: readonly CurvePoint[];
  readonly calibration: readonly CalibrationBin[];
}

/** Everything of an evaluation that a report shows; `report-data.json`. It depends on nothing but rows and answers. */
export interface ReportData {
  readonly schemaVersion: 1;
  readonly rowCount: number;
  readonly metrics: readonly ReportedMetric[];
  /** How intervals were computed; null when there are none. */
  readonly bootstrap: BootstrapPlan | null;
  readonly notes: readonly string[];
  readonly confusion: ConfusionMatrix | null;
  readonly classes: readonly ClassFigures[];
  readonly residuals: Residuals | null;
  /** Of the rows that were evaluated. */
  readonly columns: readonly ColumnProfile[];
}

/** Name of the file, in the folder of a run and in a version. */
export const REPORT_DATA_FILE = "report-data.json";
