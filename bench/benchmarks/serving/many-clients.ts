import type { Benchmark } from "../../support/harness/benchmark.ts";
import { putLoad } from "../../support/programs/load.ts";
import { servePenguinPipeline, serveWithFastApi } from "../../support/penguins/penguin-models.ts";
import { askEach, requireSameAnswers } from "../../support/penguins/same-answers.ts";

const CLIENTS = 64;

export const manyClients: Benchmark = {
  name: "many-clients",
  title: `scikit-learn pipeline, ${CLIENTS} clients, one row a request`,
  peer: "FastAPI, one uvicorn worker",
  unit: "requests/s",
  bound: { compare: "ratio", atLeast: 15 },
  rounds: 7,
  prepare: async (workspace) => {
    const pipeline = await servePenguinPipeline(workspace);
    const { url, rows } = pipeline;
    const peerUrl = await serveWithFastApi(workspace, pipeline);
    requireSameAnswers(await askEach(url, rows), await askEach(peerUrl, rows));
    const bodies = rows.map((row) => JSON.stringify([row]));
    const measure = async (target: string): Promise<number> =>
      (await putLoad(workspace, { url: target, bodies, connections: CLIENTS })).requestsPerSecond;
    return { ours: () => measure(url), peer: () => measure(peerUrl) };
  },
};
