import { expect, test } from "vitest";

import { REPORT_DATA_FILE } from "../../model/report/report-data.ts";
import { mainArtifactPath, planVersionFiles, TEST_SET_PATH } from "./plan-version-files.ts";

const NOTHING = { artifacts: [], code: [], definition: [], testSet: null, reportData: null };

function pathsOf(names: readonly { readonly name: string; readonly only?: "models" | "artifacts/input" }[]) {
  const artifacts = names.map((artifact) => ({ source: `/run/${artifact.name}`, ...artifact }));
  return planVersionFiles({ ...NOTHING, artifacts }).map(({ path, target, only }) => ({ path, target, only }));
}

test("artifacts stand beside metadata.json, where old readers look for them", () => {
  expect(pathsOf([{ name: "model.pkl" }, { name: "saved/weights.bin" }])).toEqual([
    { path: "model.pkl", target: "model.pkl", only: undefined },
    { path: "saved/weights.bin", target: "saved/weights.bin", only: undefined },
  ]);
});

test("an artifact never takes the place of the version's own files", () => {
  const names = ["metadata.json", "manifest.json", "code/x.py", "definition", TEST_SET_PATH, REPORT_DATA_FILE];
  expect(pathsOf(names.map((name) => ({ name }))).map(({ path }) => path)).toEqual(
    names.map((name) => `artifacts/${name}`),
  );
});

test("two artifacts of one name are both kept, each for its folder", () => {
  expect(
    pathsOf([
      { name: "model.pkl", only: "models" },
      { name: "model.pkl", only: "artifacts/input" },
    ]),
  ).toEqual([
    { path: "model.pkl", target: "model.pkl", only: "models" },
    { path: "artifacts/input/model.pkl", target: "model.pkl", only: "artifacts/input" },
  ]);
});

test("code, definition and test set have places of their own", () => {
  const files = planVersionFiles({
    artifacts: [],
    code: [{ source: "/repo/model_modules/scoring.py", path: "model_modules/scoring.py" }],
    definition: [{ path: "model.json", text: "{}" }],
    testSet: '{"row":{},"truth":1}\n',
    reportData: "{}",
  });
  expect(files.map(({ path, role, mediaType }) => [path, role, mediaType])).toEqual([
    ["code/model_modules/scoring.py", "code", "text/x-python"],
    ["definition/model.json", "definition", "application/json"],
    [TEST_SET_PATH, "testSet", "application/jsonl"],
    [REPORT_DATA_FILE, "other", "application/json"],
  ]);
});

test("the model file is the one that the definition names, else the largest artifact", () => {
  const files = [
    { path: "encoder.pkl", role: "artifact", target: "encoder.pkl", sizeBytes: 10 },
    { path: "model.bin", role: "artifact", target: "model.bin", sizeBytes: 99 },
    { path: "code/big.py", role: "code", target: "big.py", sizeBytes: 999 },
  ];
  expect([mainArtifactPath(files, "encoder.pkl"), mainArtifactPath(files, null), mainArtifactPath([], null)]).toEqual([
    "encoder.pkl",
    "model.bin",
    null,
  ]);
});
