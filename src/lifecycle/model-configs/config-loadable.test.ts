import { expect, test } from "vitest";

import type { Loadable } from "../serving/loadable.ts";
import { untrustedLoadable } from "./config-loadable.ts";

const code = {
  codeRoot: "/own",
  projectRoot: "/own",
  definitionFolder: "/own",
  codeFiles: ["model_modules/scoring.py"],
};

test("a version that nobody vouches for brings no variables, packages, language or code of its own", () => {
  const whole: Loadable = {
    ...{ name: "iv", reference: "iv@1", version: "1", digest: "d", metrics: { accuracy: 1 }, signature: null },
    serving: {
      ...{ language: "typescript", layout: "definitions", predictForm: "row", inputForm: "frame", batchable: false },
      config: { modelConfig: { model: "model.json", trust: true }, other: 1 },
      variables: { pass: ["SECRET"], set: { PYTHONPATH: "/hostile" } },
      identifiers: { modelId: "a", modelVersion: "b", modelTable: "c" },
    },
    code: { ...code, codeRoot: "/hostile" },
    artifacts: [{ name: "model.json", source: "/version/model.json" }],
    requirements: [{ path: "the version's packages", text: "hostile" }],
    ...{ lock: "hostile==1.0", givenDigest: "e", tolerance: null, probe: { rows: [[1]] }, datasetInfo: {} },
    memoryLimitBytes: 1,
  };
  expect(untrustedLoadable(whole, { code, trust: ["numpy"] })).toEqual({
    ...whole,
    ...{ code, requirements: [], lock: null, givenDigest: null },
    serving: {
      ...{ ...whole.serving, language: "python", predictForm: "rows", variables: { pass: [], set: {} } },
      config: { modelConfig: { model: "model.json", trust: ["numpy"] } },
    },
  });
});
