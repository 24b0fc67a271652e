import { expect, test } from "vitest";

import sample from "../../../../tests/fixtures/runs/run-v1.json" with { type: "json" };
import newer from "../../../../tests/fixtures/runs/run-v1-code.json" with { type: "json" };
import type { RunRecord } from "../run-record.ts";
import { compareRuns, COMPARED_SECTIONS } from "./compare-runs.ts";

const RUN = sample as unknown as RunRecord;

function differences(...runs: readonly Partial<RunRecord>[]): Record<string, unknown> {
  const { sections } = compareRuns(runs.map((fields) => ({ ...RUN, ...fields })));
  return Object.fromEntries(
    COMPARED_SECTIONS.flatMap((section) =>
      sections[section]
        .filter(({ differs }) => differs)
        .map(({ name, values }) => [`${section}: ${name}`, values] as const),
    ),
  );
}

test("equal runs have no differences, and every fact is there", () => {
  expect(differences({}, {}, {})).toEqual({});
  const configurations = [{ source: "local", name: "limits", digest: "1" }];
  const full = { ...(newer as unknown as RunRecord), configurations };
  const { sections } = compareRuns([full, full]);
  for (const section of COMPARED_SECTIONS) expect(sections[section].length, section).toBeGreaterThan(0);
});

test("nested parameters are compared leaf by leaf, and an absent one differs", () => {
  expect(
    differences(
      { parameters: { hyper: { depth: 3, rate: 0.1 }, features: ["a", "b"] } },
      { parameters: { hyper: { rate: 0.1, depth: 4 }, features: ["a", "b"], extra: {} } },
    ),
  ).toEqual({ "parameters: hyper.depth": [3, 4], "parameters: extra": [undefined, {}] });
});

test("packages are compared by name, data by path, metrics as they count", () => {
  const environment = { digest: "d", interpreter: "CPython 3.12.1", lock: null, unmet: [] };
  expect(
    differences(
      {
        environment: { ...environment, packages: ["numpy==2.4.6", "a @ file:///a.whl"] },
        dataDigests: { "a.csv": "1" },
      },
      { environment: { ...environment, packages: ["numpy==2.2.6"] }, dataDigests: { "a.csv": "2" } },
    ),
  ).toEqual({
    "packages: numpy": ["2.4.6", "2.2.6"],
    "packages: a": ["file:///a.whl", undefined],
    "data: a.csv": ["1", "2"],
  });
  expect(differences({ platformMetrics: { accuracy: 0.5 } }, {})).toEqual({ "metrics: accuracy": [0.5, 0.931] });
});

test("code, rows, queries and configurations are compared where runs have them", () => {
  const { code, dataRows, dataQueries } = newer as unknown as RunRecord;
  const rows = { "data/penguins.csv": { rowCount: 345, digest: "other" } };
  const configurations = [{ source: "local", name: "limits", digest: "1" }];
  const first = { code, dataRows, dataQueries };
  const second = { code: null, dataRows: rows, dataQueries: [], configurations, besideCode: ["/srv/x"] };
  expect(differences(first, second)).toMatchObject({
    "code: kept": ["snapshot", "not kept"],
    "code: commit": [code?.commit, undefined],
    "code: besideCode": [undefined, ["/srv/x"]],
    "data: rows of data/penguins.csv": [344, 345],
    "data: query /source/query": ["SELECT 1", undefined],
    "data: query /source/query as of": ["2026-01-31", undefined],
    "configurations: local limits": [undefined, "1"],
  });
});

test("runs outside of a repository and without an environment are compared all the same", () => {
  expect(differences({ git: null, environment: null }, {})).toMatchObject({
    "git: commit": [undefined, RUN.git?.commit],
    "packages: interpreter": [undefined, "CPython 3.11.7"],
  });
});
