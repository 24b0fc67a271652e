import { benchPython } from "../../support/programs/bench-python.ts";
import type { Benchmark } from "../../support/harness/benchmark.ts";
import { startLongRunning } from "../../support/programs/child-process.ts";
import { freePort, untilAnswered } from "../../support/programs/http-server.ts";
import { copyPenguins, publishModel, TOOL } from "../../support/programs/modelwright.ts";

const MODEL = "penguin-species";
const TIMEOUT_MS = 30_000;

export const serverStart: Benchmark = {
  name: "server-start",
  title: "from the start of `modelwright serve` to `GET /health`",
  peer: "",
  unit: "ms",
  bound: { compare: "value", atMost: 800 },
  rounds: 11,
  prepare: async (workspace) => {
    const environment = ["--python", await benchPython(), "--no-install"];
    const project = await copyPenguins(workspace);
    await publishModel(project, MODEL, environment);
    const measure = async (): Promise<number> => {
      const port = await freePort();
      const command = [...TOOL, "serve", `${MODEL}@champion`, "--port", String(port), ...environment];
      const startMs = performance.now();
      const server = startLongRunning(workspace, command, { cwd: project.folder });
      await untilAnswered(`http://127.0.0.1:${port}/health`, TIMEOUT_MS);
      const durationMs = performance.now() - startMs;
      await server.stop();
      return durationMs;
    };
    return { ours: measure, peer: null };
  },
};
