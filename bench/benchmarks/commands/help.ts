import { runToEnd } from "../../support/programs/child-process.ts";
import type { Benchmark } from "../../support/harness/benchmark.ts";
import { TOOL } from "../../support/programs/modelwright.ts";

export const help: Benchmark = {
  name: "help",
  title: "`modelwright --help`",
  peer: "`node -e 0`",
  unit: "ms",
  bound: { compare: "ratio", atMost: 2.5 },
  rounds: 25,
  prepare: ({ folder }) => {
    const measure = async (command: readonly string[]): Promise<number> =>
      (await runToEnd(command, { cwd: folder })).durationMs;
    return Promise.resolve({
      ours: () => measure([...TOOL, "--help"]),
      peer: () => measure([process.execPath, "-e", "0"]),
    });
  },
};
