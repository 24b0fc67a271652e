import type { Benchmark } from "../../support/harness/benchmark.ts";
import { startInProcess } from "../../support/penguins/in-process.ts";
import { serveBare, servePenguinPipeline } from "../../support/penguins/penguin-models.ts";
import { askEach, requireSameAnswers } from "../../support/penguins/same-answers.ts";

/** A round; many rounds, where the machine's speed changes within seconds. */
const PREDICTIONS = 50;

export const bareServer: Benchmark = {
  name: "bare-server",
  title: "the same request beside a server that does nothing else: p50",
  peer: "bare `node:http` and a child process",
  unit: "ms",
  bound: { compare: "ratio", atMost: 1.1 },
  rounds: 60,
  prepare: async (workspace) => {
    const pipeline = await servePenguinPipeline(workspace);
    const bareUrl = await serveBare(workspace, pipeline);
    requireSameAnswers(await askEach(pipeline.url, pipeline.rows), await askEach(bareUrl, pipeline.rows));
    const client = await startInProcess(workspace, pipeline, [pipeline.url, bareUrl]);
    return {
      inTurn: async () => {
        const [ours = Number.NaN, peer = Number.NaN] = (await client.measureInTurn(PREDICTIONS)).asks;
        return { ours, peer };
      },
    };
  },
};
