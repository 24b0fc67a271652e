import { expect, test } from "vitest";

import { runCli } from "../support/cli.ts";
import { testFolder } from "../process/support/test-folder.ts";
import { testPython } from "../support/test-python.ts";
import { makeCheckout } from "./support/checkout.ts";

const MODEL = "model_definitions/chance";

/** Everything that it learns is chance. */
const TRAINING = `
import json, random
import numpy as np

def train(context, **kwargs):
    generator = np.random.default_rng(context.seed)
    drawn = [random.random(), float(np.random.rand()), float(generator.random()), sorted({"b", "a", "c"}, key=hash)]
    with open("models/model.json", "w") as file:
        json.dump(drawn, file)
`;

const SCORING = `
import json

class ModelScorer:
    def __init__(self):
        with open("models/model.json") as file:
            self.drawn = json.load(file)[:3]
    def predict(self, data):
        return [self.drawn for _ in data]
`;

test("chance repeats with the seed in Python, in the environment that the run had", async () => {
  const cwd = await makeCheckout({
    "modelwright.json": "{}",
    [`${MODEL}/model.json`]: JSON.stringify({ id: "chance-1", name: "chance", language: "python" }),
    [`${MODEL}/config.json`]: JSON.stringify({ hyperParameters: {} }),
    [`${MODEL}/samples/rows.json`]: JSON.stringify([[1], [2]]),
    [`${MODEL}/model_modules/__init__.py`]: "",
    [`${MODEL}/model_modules/training.py`]: TRAINING,
    [`${MODEL}/model_modules/scoring.py`]: SCORING,
  });
  const home = await testFolder();
  const given = ["--python", testPython(), "--no-install"];
  const trained = await runCli(["train", "--seed", "7", ...given, "--json"], { cwd, home });
  expect(trained.exitCode, trained.stderr).toBe(0);
  const { run } = trained.json as { readonly run: { readonly id: string } };
  // Without --python: the environment is the one where the run met it.
  const { exitCode, stdout, stderr } = await runCli(["reproduce", run.id, "--json"], { cwd, home });
  expect(exitCode, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    reproduced: true,
    answers: { rows: { total: 2, compared: 2, different: 0 } },
    differences: {
      code: { state: "same" },
      environment: { state: "same" },
      seeds: { state: "same" },
      artifacts: { state: "same" },
    },
  });
});
