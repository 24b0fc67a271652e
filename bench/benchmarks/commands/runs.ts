import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Benchmark } from "../../support/harness/benchmark.ts";
import { inRepository } from "../../support/harness/repository.ts";
import { projectIn } from "../../support/programs/modelwright.ts";

const RUNS = 10_000;
/** As many as an environment with pandas and scikit-learn has. */
const PACKAGES = 40;

export const runs: Benchmark = {
  name: "runs",
  title: `\`modelwright runs list\` of ${RUNS.toLocaleString("en")} runs`,
  peer: "",
  unit: "ms",
  bound: { compare: "value", atMost: 1_000 },
  rounds: 9,
  prepare: async ({ folder }) => {
    await writeRuns(join(folder, ".modelwright", "runs"));
    const project = projectIn(folder);
    const { total } = await project.ask<{ readonly total: number }>(["runs", "list"]);
    if (total !== RUNS) throw new Error("Not every run is listed.");
    return { ours: async () => (await project.run(["runs", "list", "--limit", "0"])).durationMs, peer: null };
  },
};

/** Records as long as real ones: the list of packages and the lock are most of one. */
async function writeRuns(folder: string): Promise<void> {
  const sample = JSON.parse(await readFile(inRepository("tests/fixtures/runs/run-v1.json"), "utf8")) as object;
  const packages = Array.from({ length: PACKAGES }, (_, number) => `package-${number}==1.${number}.0`);
  const lock = packages.map((line) => `${line} --hash=sha256:${"0".repeat(64)}`).join("\n");
  const environment = { digest: "ab12", interpreter: "CPython 3.11.7", lock, packages, unmet: [] };
  for (let number = 0; number < RUNS; number++) {
    const id = `20261121-101500-${number.toString(16).padStart(6, "0")}`;
    await mkdir(join(folder, id), { recursive: true });
    const record = { ...sample, id, environment, status: number % 10 === 0 ? "failed" : "succeeded" };
    await writeFile(join(folder, id, "run.json"), `${JSON.stringify(record, null, 2)}\n`);
  }
}
