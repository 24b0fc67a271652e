import { reportDataOf } from "../../../src/lifecycle/evaluation/keep-evaluation.ts";
import { contentOfRun } from "../../../src/lifecycle/reporting/report-content.ts";
import { scorePredictions } from "../../../src/model/metrics/evaluate-predictions.ts";
import type { RunRecord } from "../../../src/model/run/run-record.ts";
import { renderReport } from "../../../src/reports/render-report.ts";
import sample from "../../../tests/fixtures/runs/run-v1.json" with { type: "json" };
import type { Benchmark } from "../../support/harness/benchmark.ts";

const ROWS = 100_000;
const COLUMNS = 14;
const CLASSES = ["no", "yes"] as const;

export const report: Benchmark = {
  name: "report",
  title: `metrics, intervals, figures, profiles and page of ${ROWS.toLocaleString("en")} rows, ${COLUMNS} columns`,
  peer: "",
  unit: "ms",
  bound: { compare: "value", atMost: 2_000 },
  rounds: 5,
  prepare: () => {
    const { labelled, predictions } = answeredRows();
    const outputs = [
      { name: "label", kind: "label", classes: CLASSES },
      { name: "share", kind: "probability", classes: CLASSES },
    ] as const;
    const ours = (): Promise<number> => {
      const startMs = performance.now();
      const scored = scorePredictions({ outputs, predictions, truth: labelled.map(({ truth }) => truth) });
      const data = reportDataOf(labelled, { scored }, true);
      const run = { ...(sample as unknown as RunRecord), kind: "evaluate" } as const;
      const table = { name: null, columns: [], absence: "" };
      const page = renderReport(contentOfRun({ run, data, table, evaluations: [] }, ""));
      const durationMs = performance.now() - startMs;
      if (!page.includes("ROC curve") || data.metrics.length !== 7) throw new Error("The report is not whole.");
      return Promise.resolve(durationMs);
    };
    return Promise.resolve({ ours, peer: null });
  },
};

/** Rows as they are evaluated, and answers that are right more often than not. */
function answeredRows() {
  const labelled = Array.from({ length: ROWS }, (_, row) => {
    const values = Array.from({ length: COLUMNS }, (__, column): [string, number | string] => [
      `column_${column}`,
      column < 10 ? Math.sin(row * (column + 1)) * 100 : `value ${(row * column) % 9}`,
    ]);
    return { row: Object.fromEntries(values), truth: CLASSES[Math.sin(row) > 0 ? 1 : 0] };
  });
  const predictions = labelled.map((_, row) => {
    const share = Math.min(1, Math.max(0, 0.5 + 0.3 * Math.sin(row) + 0.4 * Math.sin(row * row)));
    return { label: CLASSES[share > 0.5 ? 1 : 0], share: [1 - share, share] };
  });
  return { labelled, predictions };
}
