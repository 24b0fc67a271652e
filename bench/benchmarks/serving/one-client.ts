import type { Benchmark } from "../../support/harness/benchmark.ts";
import { servePenguinPipeline, startInProcess } from "../../support/penguins/penguin-models.ts";
import { askEach, requireSameAnswers } from "../../support/penguins/same-answers.ts";

/** Few a round, and many rounds: where the machine's speed changes within seconds, both sides of a round saw the same of it. */
const PREDICTIONS = 50;

export const oneClient: Benchmark = {
  name: "one-client",
  title: "scikit-learn pipeline, one client, one row a request: p50",
  peer: "the same function in-process",
  unit: "ms",
  bound: { compare: "difference", atMost: 1 },
  rounds: 60,
  prepare: async (workspace) => {
    const pipeline = await servePenguinPipeline(workspace);
    const inProcess = await startInProcess(workspace, pipeline);
    requireSameAnswers(await askEach(pipeline.url, pipeline.rows), await inProcess.answers());
    return {
      ours: () => inProcess.measure("ask", PREDICTIONS),
      peer: () => inProcess.measure("call", PREDICTIONS),
    };
  },
};
