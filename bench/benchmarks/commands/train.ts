import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { benchPython } from "../../support/programs/bench-python.ts";
import { runToEnd } from "../../support/programs/child-process.ts";
import type { Benchmark } from "../../support/harness/benchmark.ts";
import { projectIn } from "../../support/programs/modelwright.ts";
import { writeTrainingProject } from "./training-project.ts";

/** Written so that any model of this layout can be trained without us. */
const SCRIPT = `
import json, sys
definition, work, data = sys.argv[1:]
sys.path.insert(0, definition)
import model_modules
with open(definition + "/config.json") as file:
    config = json.load(file)
model_modules.train({"data": data}, config)
`;

export const train: Benchmark = {
  name: "train",
  title: "`modelwright train`: repository of 2,000 files, 10 MB of data",
  peer: "`python script.py`",
  unit: "ms",
  bound: { compare: "difference", atMost: 400 },
  rounds: 15,
  prepare: async ({ folder }) => {
    const { definition, data } = await writeTrainingProject(join(folder, "project"));
    const project = projectIn(join(folder, "project"));
    const work = join(folder, "work");
    await mkdir(join(work, "models"), { recursive: true });
    const python = await benchPython();
    return {
      ours: async () => (await project.run(["train", "--python", python, "--no-install"])).durationMs,
      peer: async () => (await runToEnd([python, "-c", SCRIPT, definition, work, data], { cwd: work })).durationMs,
    };
  },
};
