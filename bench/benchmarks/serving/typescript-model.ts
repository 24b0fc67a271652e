import type { Benchmark } from "../../support/harness/benchmark.ts";
import { startLongRunning } from "../../support/programs/child-process.ts";
import { putLoad, SHORT } from "../../support/programs/load.ts";
import { copyPenguins, publishModel, servePredictions } from "../../support/programs/modelwright.ts";
import { penguinRows } from "../../support/penguins/penguin-rows.ts";
import { inRepository } from "../../support/harness/repository.ts";
import { askEach } from "../../support/penguins/same-answers.ts";

const MODEL = "penguin-species-ts";
const CLIENTS = 64;

export const typescriptModel: Benchmark = {
  name: "typescript-model",
  title: `TypeScript model, ${CLIENTS} clients, one row a request`,
  peer: "bare `node:http` JSON echo",
  unit: "requests/s",
  bound: { compare: "ratio", atLeast: 0.9 },
  rounds: 30,
  prepare: async (workspace) => {
    const project = await copyPenguins(workspace);
    await publishModel(project, MODEL, []);
    const url = await servePredictions(workspace, project, { model: MODEL, environment: [] });
    const command = [process.execPath, inRepository("bench/peers/echo-server.mjs")];
    const echo = startLongRunning(workspace, command, { cwd: workspace.folder });
    const echoUrl = `http://127.0.0.1:${await echo.readLine()}/`;
    const rows = penguinRows();
    const answers = await askEach(url, rows);
    if (answers.length !== rows.length) throw new Error(`${rows.length} rows were answered ${answers.length} times.`);
    const bodies = rows.map((row) => JSON.stringify([row]));
    const loadOf = (target: string) => ({ url: target, bodies, connections: CLIENTS });
    // Both have compiled what they run by then.
    for (const target of [url, echoUrl]) await putLoad(workspace, loadOf(target));
    const measure = async (target: string): Promise<number> =>
      (await putLoad(workspace, loadOf(target), SHORT)).requestsPerSecond;
    return { ours: () => measure(url), peer: () => measure(echoUrl) };
  },
};
