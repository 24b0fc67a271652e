import { expect, test } from "vitest";

import sample from "../../../tests/fixtures/runs/run-v1.json" with { type: "json" };
import type { RunRecord } from "../../model/run/run-record.ts";
import { contentOfRun } from "./report-content.ts";

const NO_TABLE = { name: null, columns: [], absence: "The run names no table of rows." };

function contentOf(fields: Partial<RunRecord>) {
  const run: RunRecord = { ...(sample as unknown as RunRecord), ...fields };
  return contentOfRun({ run, data: null, table: NO_TABLE, evaluations: ["e-1"] }, "");
}

test.each([
  [{ kind: "train" }, /A training has no test data/],
  [{ kind: "evaluate", status: "succeeded", platformMetrics: {} }, /There is no test data: without "evaluation"/],
  [{ kind: "evaluate", status: "failed", platformMetrics: {} }, /ended before the labelled rows were asked/],
  [{ kind: "evaluate", status: "lost", platformMetrics: {} }, /ended before the labelled rows were asked/],
  [{ kind: "evaluate", status: "running", platformMetrics: {} }, /has not ended/],
  [{ kind: "evaluate", status: "succeeded" }, /numbers behind the figures are not kept/],
] as const)("a run like %j says why it has no figures", (fields, reason) => {
  expect(contentOf(fields).absence).toMatch(reason);
});

test("metrics that are recorded are shown also without figures", () => {
  expect(contentOf({ kind: "evaluate" }).modelMetrics).toEqual({ accuracy: 0.931, rows: 344 });
});

test("a training names its evaluations, and why its columns are not profiled", () => {
  const { facts, columnsAbsence } = contentOf({ kind: "train" });
  expect(facts).toContainEqual(["evaluated by", "e-1"]);
  expect(columnsAbsence).toBe(NO_TABLE.absence);
});
