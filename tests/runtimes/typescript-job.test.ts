import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

import { TypescriptTestbed, type JobRun } from "../support/spawn-typescript-runtime.ts";

let bed: TypescriptTestbed;
beforeAll(async () => {
  bed = await TypescriptTestbed.create();
});
afterAll(() => bed.remove());

async function run(index: string, kind: "train" | "evaluate" = "train"): Promise<JobRun> {
  return bed.runJob((await bed.stageIndex(index)).codeRoot, { kind, dataConf: { table: "t" } });
}

test("train is given the configurations and the context, in the work folder", async () => {
  const outcome = await run(`
    import { writeFileSync } from "node:fs";
    export async function train(dataConf: object, modelConf: object, context: { progress(fields: object): void }) {
      context.progress({ epoch: 1, loss: NaN });
      writeFileSync("models/seen.json", JSON.stringify({ dataConf, modelConf, context, cwd: process.cwd() }));
    }`);
  expect(outcome.result).toEqual({
    protocol: 1,
    status: "succeeded",
    error: null,
    peakMemoryBytes: expect.any(Number) as number,
    seeds: { "Math.random": 43 },
  });
  expect(outcome.exitCode).toBe(0);
  expect(outcome.result?.peakMemoryBytes).toBeGreaterThan(10_000_000);
  const seen = JSON.parse(await readFile(join(outcome.workFolder, "models/seen.json"), "utf8")) as unknown;
  expect(seen).toEqual({
    dataConf: { table: "t" },
    modelConf: { hyperParameters: { "n.trees": 3 } },
    context: {
      hyperparams: { "n.trees": 3 },
      modelsPath: join(outcome.workFolder, "models"),
      artifactInputPath: join(outcome.workFolder, "artifacts/input"),
      artifactOutputPath: join(outcome.workFolder, "artifacts/output"),
      jobId: "j-1",
      modelId: "m-1",
      modelVersion: "v-1",
      modelTable: "t_1",
      projectId: "p-1",
      datasetInfo: { featureNames: ["a_b"], sql: "select 1" },
      seed: 42,
    },
    cwd: outcome.workFolder,
  });
  expect(outcome.events).toEqual([
    { type: "progress", at: expect.any(String) as string, fields: { epoch: 1, loss: "NaN" } },
  ]);
});

test("evaluate is called for an evaluation", async () => {
  const outcome = await run(
    `export function train() { throw 1 } export function evaluate() { console.log("fine") }`,
    "evaluate",
  );
  expect(outcome).toMatchObject({ exitCode: 0, stdout: "fine\n", result: { status: "succeeded" } });
});

test("an error names the user's files, lines and source, outermost call first", async () => {
  const code = await bed.project({
    "model/model_modules/index.ts": `import { fit } from "./fit.ts";\n\nexport function train(): void {\n  fit([]);\n}\n`,
    "model/model_modules/fit.ts": `interface Row { x: number }\n\nexport function fit(rows: Row[]): void {\n  throw new RangeError(\`no rows: \${rows.length}\\n    at fake (/x.ts:1:1)\`);\n}\n`,
  });
  const outcome = await bed.runJob((await bed.stage(code)).codeRoot);
  expect(outcome.exitCode).toBe(1);
  expect(outcome.result?.error).toEqual({
    type: "RangeError",
    message: "no rows: 0\n    at fake (/x.ts:1:1)",
    frames: [
      {
        file: join(code.codeRoot, "model_modules/index.ts"),
        line: 4,
        function: "train",
        source: "fit([]);",
        isUser: true,
      },
      {
        file: join(code.codeRoot, "model_modules/fit.ts"),
        line: 4,
        function: "fit",
        source: expect.stringContaining("throw new RangeError(") as string,
        isUser: true,
      },
    ],
  });
  expect(outcome.stderr).toContain("no rows: 0");
});

test("a missing function is named with the file that lacks it", async () => {
  const outcome = await run("export const train = 3;", "evaluate");
  expect(outcome.result?.error).toEqual({
    type: "MissingExport",
    message: "model_modules/index.ts does not export a function evaluate.",
    frames: [],
  });
  expect((await run("export const train = 3;")).result?.error?.message).toBe(
    "model_modules/index.ts exports train, but not as a function train.",
  );
});

test("a CommonJS entry file works, with __dirname and require", async () => {
  const code = await bed.project({
    "model/model_modules/index.js": `
      const { join } = require("path");
      exports.train = () => require("fs").writeFileSync("models/at", require("fs").readFileSync(join(__dirname, "table.txt")));`,
    "model/model_modules/table.txt": "1 2 3",
  });
  const outcome = await bed.runJob((await bed.stage(code)).codeRoot);
  expect(outcome).toMatchObject({ exitCode: 0, stderr: "" });
  expect(await readFile(join(outcome.workFolder, "models/at"), "utf8")).toBe("1 2 3");
});

test.each([
  ["process.exit(0) fails the run", "export function train() { process.exit(0) }", "process.exit(0)"],
  ["an error at import fails the run", "throw new Error('at import')", "at import"],
  [
    "a rejection that nobody handles fails the run",
    "export async function train() { Promise.reject(new Error('lost')); await new Promise((r) => setTimeout(r, 1e4)) }",
    "lost",
  ],
  [
    "an error in a timer fails the run, even after train has returned",
    "export function train() { setTimeout(() => { throw new Error('late') }, 20) }",
    "late",
  ],
  [
    "a promise that nothing can settle fails the run",
    "export async function train() { await new Promise(() => {}) }",
    "waits for a promise",
  ],
  [
    "an import that never finishes fails the run",
    "await new Promise(() => {}); export function train() {}",
    "waits for a promise",
  ],
  ["something thrown that is no error is shown", "export function train() { throw { code: 7 } }", "{ code: 7 }"],
])("%s", async (_, index, message) => {
  const outcome = await run(index);
  expect(outcome.exitCode).toBe(1);
  expect(outcome.result).toMatchObject({ status: "failed" });
  expect(outcome.result?.error?.message).toContain(message);
});

test("process.exit names the line that called it", async () => {
  const outcome = await run("export function train() {\n  process.exit(3);\n}");
  expect(outcome.result?.error).toMatchObject({
    type: "EndedEarly",
    frames: [{ line: 2, source: "process.exit(3);" }],
  });
});

test("a write that train started and did not wait for is finished before the result", async () => {
  const outcome = await run(`
    import { createWriteStream } from "node:fs";
    export function train() { const file = createWriteStream("models/big"); for (let i = 0; i < 200; i++) file.write("x".repeat(10_000)); file.end(); }`);
  expect(outcome.exitCode).toBe(0);
  expect((await readFile(join(outcome.workFolder, "models/big"))).length).toBe(2_000_000);
});

test("a timer that is left running does not keep a run alive", async () => {
  const outcome = await run("export function train() { setInterval(() => {}, 1000) }");
  expect(outcome).toMatchObject({ exitCode: 0, result: { status: "succeeded" } });
  expect(outcome.stderr).toContain("left timers or connections open");
});

test("random numbers repeat with the seed", async () => {
  const { codeRoot } = await bed.stageIndex("export function train() { console.log(Math.random()) }");
  const [first, again, other] = await Promise.all(
    [1, 1, 0].map(async (seed) => (await bed.runJob(codeRoot, { seed })).stdout),
  );
  expect(first).toBe(again);
  expect(first).not.toBe(other);
});

test("a model in an endless loop dies, with its children, when the tool is gone", async () => {
  const { codeRoot } = await bed.stageIndex(`
    import { spawn } from "node:child_process";
    export function train() {
      const child = spawn("sleep", ["1000"], { stdio: "ignore" });
      console.log(process.pid, child.pid);
      while (true) {}
    }`);
  const tool = await bed.startJobUnderTool(codeRoot);
  const [line] = (await once(tool.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
  const [job, child] = line.toString().trim().split(" ").map(Number) as [number, number];
  expect([job, child].map(isAlive)).toEqual([true, true]);
  tool.kill("SIGKILL");
  await vi.waitFor(() => expect([job, child].map(isAlive)).toEqual([false, false]), { timeout: 30_000 });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
