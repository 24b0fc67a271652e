import { composeServices } from "../../../src/app/compose-services.ts";
import { readProcess } from "../../../src/app/read-process.ts";
import { loadModel, PLAIN_SERVING } from "../../../src/lifecycle/serving/load-model.ts";
import type { LoadedModel } from "../../../src/serving/loaded-model.ts";
import type { Benchmark, Round } from "../../support/harness/benchmark.ts";
import { summarise } from "../../support/harness/statistics.ts";
import type { Workspace } from "../../support/harness/workspace.ts";
import { startInProcess } from "../../support/penguins/in-process.ts";
import { publishPenguinPipeline, type PenguinPipeline } from "../../support/penguins/penguin-models.ts";
import { requireSameAnswers } from "../../support/penguins/same-answers.ts";

/** A round; many rounds, where the machine's speed changes within seconds. */
const PREDICTIONS = 50;

export const worker: Benchmark = {
  name: "worker",
  title: "scikit-learn pipeline, rows checked and answered by a worker, one row at a time: p50",
  peer: "the same function in-process",
  unit: "ms",
  bound: { compare: "difference", atMost: 1 },
  rounds: 60,
  prepare: async (workspace) => {
    const pipeline = await publishPenguinPipeline(workspace);
    const model = await load(workspace, pipeline);
    const inProcess = await startInProcess(workspace, pipeline, []);
    const { predictions } = await model.predict({ rows: pipeline.rows });
    requireSameAnswers(predictions, await inProcess.answers());
    const predict = async (index: number): Promise<number> => {
      const row = pipeline.rows[index % pipeline.rows.length] ?? {};
      const startMs = performance.now();
      await model.predict({ rows: [row] });
      return performance.now() - startMs;
    };
    return {
      inTurn: async () => {
        const pairs: Round[] = [];
        for (let index = 0; index < PREDICTIONS; index++) {
          pairs.push({ peer: (await inProcess.measureInTurn(1)).call, ours: await predict(index) });
        }
        const medianOf = (side: keyof Round) => summarise(pairs.map((pair) => pair[side] ?? Number.NaN)).median;
        return { ours: medianOf("ours"), peer: medianOf("peer") };
      },
    };
  },
};

/** As `modelwright serve` does it, without the HTTP server. */
async function load(workspace: Workspace, { project, reference, python }: PenguinPipeline): Promise<LoadedModel> {
  const services = await composeServices(readProcess(), { home: project.home }, project.folder);
  const choice = { python, asIs: true, strict: false, upgrade: false, wheels: null, passVariables: [] };
  const source = { text: reference, cwd: project.folder, choice, options: PLAIN_SERVING };
  const work = { signal: new AbortController().signal, onProgress: () => undefined };
  const model = await loadModel(services, source, work);
  workspace.defer(() => model.drain(0));
  return model;
}
