import type { Benchmark } from "../../support/harness/benchmark.ts";
import { startInProcess } from "../../support/penguins/in-process.ts";
import { servePenguinPipeline } from "../../support/penguins/penguin-models.ts";
import { askEach, requireSameAnswers } from "../../support/penguins/same-answers.ts";

/** A round; many rounds, where the machine's speed changes within seconds. */
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
    const inProcess = await startInProcess(workspace, pipeline, [pipeline.url]);
    requireSameAnswers(await askEach(pipeline.url, pipeline.rows), await inProcess.answers());
    return {
      inTurn: async () => {
        const { call, asks } = await inProcess.measureInTurn(PREDICTIONS);
        return { ours: asks[0] ?? Number.NaN, peer: call };
      },
    };
  },
};
