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

test("the record tells where the code is, what of it is not kept, the rows of the data, and the queries with their time", () => {
  const code = {
    kind: "snapshot",
    ...{ root: "/r", definition: "m", project: "/r", base: "b", stored: "s.bundle" },
    ...{ commit: "0c43ca07a8ce11", changed: ["a.py", "b.py"], leftOutCount: 3 },
    leftOut: [{ path: ".env", reason: "secret", sizeBytes: 9 }],
  } as const;
  const dataRows = { "/data/train.csv": { rowCount: 3, digest: "r" } };
  const dataQueries = [{ pointer: "/sql", sql: "SELECT 1", file: null, asOf: "2026-01-01" }];
  expect(contentOf({ code, dataRows, dataQueries }).record).toMatchObject({
    code: "snapshot 0c43ca07a8ce with 2 changed files",
    leftOut: [".env (secret)", "2 more"],
    dataRows,
    dataQueries,
  });
  expect(contentOf({ code: null }).record).toMatchObject({ code: "not kept", leftOut: [] });
});
