import type { Benchmark } from "../../support/harness/benchmark.ts";
import { putLoad } from "../../support/programs/load.ts";
import { servePenguinPipeline, startInProcess } from "../../support/penguins/penguin-models.ts";
import { askEach, requireSameAnswers } from "../../support/penguins/same-answers.ts";

const PREDICTIONS = 500;

export const oneClient: Benchmark = {
  name: "one-client",
  title: "scikit-learn pipeline, one client, one row a request: p50",
  peer: "the same function in-process",
  unit: "ms",
  bound: { compare: "difference", atMost: 1 },
  rounds: 9,
  prepare: async (workspace) => {
    const pipeline = await servePenguinPipeline(workspace);
    const { url, rows } = pipeline;
    const inProcess = await startInProcess(workspace, pipeline);
    requireSameAnswers(await askEach(url, rows), await inProcess.answers());
    const bodies = rows.map((row) => JSON.stringify([row]));
    return {
      ours: async () => (await putLoad(workspace, { url, bodies, connections: 1 })).p50Ms,
      peer: () => inProcess.measure(PREDICTIONS),
    };
  },
};
