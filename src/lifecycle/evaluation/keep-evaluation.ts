import { join } from "node:path";

import { writeFileAtomically } from "../../files/write-file-atomically.ts";
import { analyseEvaluation } from "../../model/report/analyse-evaluation.ts";
import { ColumnProfiler } from "../../model/report/column-profile.ts";
import { REPORT_DATA_FILE, type ReportData } from "../../model/report/report-data.ts";
import type { Services } from "../services.ts";
import type { ModelEvaluation } from "./evaluate-model.ts";
import { keepRows, type LabelledRow } from "./labelled-rows.ts";

/** One line a row: `{"truth": …, "prediction": …}`. */
export const PREDICTIONS_FILE = "predictions.jsonl";

/**
 * Keeps what an evaluation found out with its run: the data of its report, computed on all rows, and as many labelled
 * predictions as the project keeps of test sets.
 * @throws Failure `STATE_UNWRITABLE`.
 */
export async function keepEvaluation(
  { settings }: Services,
  runFolder: string,
  { rows, measured }: { readonly rows: readonly LabelledRow[]; readonly measured: ModelEvaluation },
): Promise<void> {
  const policy = settings.storeTestSet;
  const data = reportDataOf(rows, measured, policy !== "digest");
  await writeFileAtomically(join(runFolder, REPORT_DATA_FILE), formatReportData(data));
  const answers = rows.map(({ truth }, index) => ({ truth, prediction: measured.predictions[index] ?? null }));
  const kept = keepRows(answers, policy);
  if (kept.length === 0) return;
  const lines = kept.map((answer) => `${JSON.stringify(answer)}\n`).join("");
  await writeFileAtomically(join(runFolder, PREDICTIONS_FILE), lines);
}

/** Name of the true value beside the columns that the model is given. */
const TRUTH = "true value";

/** @param keepsRows - false: nothing of single rows, because they may be personal data. */
export function reportDataOf(
  rows: readonly LabelledRow[],
  { scored }: Pick<ModelEvaluation, "scored">,
  keepsRows: boolean,
): ReportData {
  const [inputs, truths] = [new ColumnProfiler(), new ColumnProfiler()];
  for (const { row, truth } of keepsRows ? rows : []) {
    inputs.add(row);
    truths.add({ [TRUTH]: truth });
  }
  const columns = [...inputs.profiles(), ...truths.profiles()];
  return analyseEvaluation(scored, { rowCount: rows.length, columns, keepsRows });
}

/** As it is written; equal for equal data. */
export function formatReportData(data: ReportData): string {
  return `${JSON.stringify(data)}\n`;
}
