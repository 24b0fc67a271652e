import { expect, test } from "vitest";

import { DIFFERENCE_TOPICS, explainDifferences } from "./explain-differences.ts";
import type { ModelFacts } from "./model-facts.ts";

const FACTS: ModelFacts = {
  label: "run a",
  definitionDigest: "d",
  codeFiles: new Map([
    ["config.json", "1"],
    ["model_modules/training.py", "2"],
  ]),
  notKept: [],
  commit: "c",
  parameters: { hyperParameters: { depth: 3, names: ["a"] } },
  dataDigests: { "/data/train.csv": "1", "/data/test.csv": "2" },
  dataRows: { "/data/train.csv": { rowCount: 10, digest: "r" } },
  dataQueries: [{ pointer: "/sql", sql: "SELECT 1", file: null, asOf: "2026-01-01" }],
  environment: { digest: "e", interpreter: "CPython 3.11.7", packages: ["numpy==2.2.6", "pandas==2.3.3"] },
  seeds: { seed: 42 },
  machine: { architecture: "linux-x64", cores: 2, memoryBytes: 1, threads: { torch: 2 } },
  metrics: { accuracy: 0.9 },
  signature: { columns: [{ name: "x", type: "float" }], outputs: [{ name: "y", kind: "value" }] },
  artifacts: new Map([["models/model.bin", "0123456789abcdef"]]),
};

/** Sentences of every topic that differs. */
function differences(changes: Partial<ModelFacts>): Record<string, readonly string[]> {
  const explained = explainDifferences(FACTS, { ...FACTS, label: "run b", ...changes });
  const topics = DIFFERENCE_TOPICS.filter((topic) => explained[topic].state === "different");
  return Object.fromEntries(topics.map((topic) => [topic, explained[topic].sentences]));
}

test("the same facts differ in nothing, and all of them are known", () => {
  const explained = explainDifferences(FACTS, { ...FACTS, label: "run b" });
  for (const topic of DIFFERENCE_TOPICS) expect(explained[topic], topic).toEqual({ state: "same", sentences: [] });
});

test("files of the code are named, and where they cannot be, that is told", () => {
  const codeFiles = new Map([
    ["config.json", "9"],
    ["model_modules/scoring.py", "3"],
  ]);
  expect(differences({ codeFiles })).toEqual({
    code: ["config.json was changed", "model_modules/scoring.py was added", "model_modules/training.py was removed"],
  });
  expect(differences({ codeFiles: null, definitionDigest: "other" })).toEqual({
    code: ["it differs; the code of run b was not kept or cannot be found, so files cannot be named"],
  });
  expect(differences({ codeFiles: null })).toEqual({});
  expect(explainDifferences(FACTS, { ...FACTS, codeFiles: null, definitionDigest: null }).code.state).toBe("unknown");
});

test("files that were not kept are not told to be the same, nor to be new", () => {
  const kept = { codeFiles: new Map([["config.json", "1"]]), notKept: ["model_modules/training.py"] };
  const name = "model_modules/training.py";
  expect(differences({ ...kept, definitionDigest: "other" })).toEqual({
    code: [`it differs in what was not kept: ${name}`],
  });
  expect(differences({ ...kept, codeFiles: new Map([["config.json", "9"]]), definitionDigest: "other" })).toEqual({
    code: ["config.json was changed", `not kept, so perhaps changed: ${name}`],
  });
  expect(differences(kept)).toEqual({});
  const version = explainDifferences(FACTS, { ...FACTS, ...kept, definitionDigest: null });
  expect(version.code).toEqual({ state: "unknown", sentences: [`not kept: ${name}`] });
});

test("threads that a library computed with belong to the machine", () => {
  const machine = { ...FACTS.machine, threads: { torch: 1, OMP_NUM_THREADS: 1 } };
  expect(differences({ machine })).toEqual({
    machine: ["threads.torch: 2 → 1", "threads.OMP_NUM_THREADS: only in the second, 1"],
  });
});

test("parameters, metrics and seeds are told leaf by leaf, with the distance where it says something", () => {
  expect(
    differences({
      parameters: { hyperParameters: { depth: 4, rate: 0.1 } },
      metrics: { accuracy: "0.95" },
      seeds: { seed: 7 },
    }),
  ).toEqual({
    parameters: [
      "hyperParameters.depth: 3 → 4 (+1)",
      'hyperParameters.names: only in the first, ["a"]',
      "hyperParameters.rate: only in the second, 0.1",
    ],
    metrics: ["accuracy: 0.9 → 0.95 (+0.05)"],
    seeds: ["seed: 42 → 7"],
  });
});

test("data that was changed, put into another order, moved or removed is told apart", () => {
  const digests = { "/data/train.csv": "9", "/data/test.csv": "2" };
  const inOrder = (digest: string, rowCount: number) => ({ "/data/train.csv": { rowCount, digest } });
  expect(differences({ dataDigests: digests, dataRows: inOrder("r", 10) })).toEqual({
    data: ["/data/train.csv has the same rows, written otherwise or in another order"],
  });
  expect(differences({ dataDigests: digests, dataRows: inOrder("other", 10) })).toEqual({
    data: ["/data/train.csv was changed (10 rows as before)"],
  });
  expect(differences({ dataDigests: digests, dataRows: {} })).toEqual({ data: ["/data/train.csv was changed"] });
  expect(differences({ dataDigests: { "/moved/train.csv": "1", "/data/new.csv": "3" } })).toEqual({
    data: ["/data/test.csv is only in run a", "/data/new.csv is only in run b"],
  });
});

test("queries are compared by their text and time", () => {
  const dataQueries = [{ pointer: "/sql", sql: "SELECT 2", file: null, asOf: null }];
  expect(differences({ dataQueries })).toEqual({
    data: ["the query /sql was changed", "the query /sql is as of 2026-01-01 → no time"],
  });
});

test("packages and interpreter are named; facts of a machine only where both have them", () => {
  const environment = { digest: "f", interpreter: "CPython 3.12.1", packages: ["numpy==2.4.0", "scipy==1.17.1"] };
  expect(differences({ environment, machine: { architecture: "darwin-arm64", memoryBytes: 2 } })).toEqual({
    environment: [
      "CPython 3.11.7 → CPython 3.12.1",
      "numpy 2.2.6 → 2.4.0",
      "pandas 2.3.3 was removed",
      "scipy 1.17.1 was added",
    ],
    machine: ["architecture: linux-x64 → darwin-arm64"],
  });
  expect(explainDifferences(FACTS, { ...FACTS, environment: null }).environment.state).toBe("unknown");
});

test("columns, outputs and artifacts that were changed are named", () => {
  const signature = {
    columns: [
      { name: "x", type: "integer" as const },
      { name: "z", type: "float" as const },
    ],
    outputs: [],
  };
  expect(differences({ signature, artifacts: new Map([["artifacts/output/model.bin", "fedcba9876543210"]]) })).toEqual({
    signature: ["column x, type: float → integer", "column z was added", "output y was removed"],
    artifacts: ["model.bin has other bytes (0123456789ab → fedcba987654)"],
  });
  expect(differences({ signature: null })).toEqual({ signature: ["only the first has one"] });
});
