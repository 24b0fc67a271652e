import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import type { RunRecord } from "../../src/model/run/run-record.ts";
import { testFolder } from "../process/support/test-folder.ts";
import { runCli } from "../support/cli.ts";
import { makeCheckout, photograph } from "./support/checkout.ts";

const MODEL = "model_definitions/demo";

const FILES = {
  "modelwright.json": "{}",
  "data/train.csv": "a,b\n1,x\n2,y\n",
  [`${MODEL}/model.json`]: JSON.stringify({ id: "demo-1", name: "demo", language: "typescript" }),
  [`${MODEL}/config.json`]: JSON.stringify({ hyperParameters: {} }),
  [`${MODEL}/.cli/datasets/train.json`]: JSON.stringify({
    train: "data/train.csv",
    source: { query: "SELECT * FROM penguins", asOf: "2026-01-31" },
  }),
  [`${MODEL}/model_modules/index.ts`]: `import { writeFileSync } from "node:fs";
export function train() { writeFileSync("models/model.txt", "1"); }
export class ModelScorer { predict(rows: unknown[]) { return rows.map(() => 1); } }
`,
};

interface Trained {
  readonly run: RunRecord;
  readonly notes: readonly string[];
  readonly home: string;
}

async function train(cwd: string, variables: Readonly<Record<string, string>> = {}): Promise<Trained> {
  const home = await testFolder();
  const { exitCode, stdout, stderr } = await runCli(["train", "--json"], { cwd, home, variables });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  const { run, notes } = JSON.parse(stdout) as { run: { id: string }; notes: string[] };
  const text = await readFile(join(home, "runs", run.id, "run.json"), "utf8");
  return { run: JSON.parse(text) as RunRecord, notes, home };
}

test("a training in a changed checkout keeps the code, and neither checkout nor repository change", async () => {
  const folder = await makeCheckout(FILES);
  await writeFile(join(folder, MODEL, "model_modules/more.ts"), "export const more = 1;\n");
  await writeFile(join(folder, ".env"), "TOKEN=hunter2");
  const before = await photograph(folder);
  const { run, home } = await train(folder);
  expect(await photograph(folder)).toEqual(before);
  expect(run.code).toMatchObject({
    kind: "snapshot",
    root: folder,
    definition: MODEL,
    project: folder,
    changed: [`${MODEL}/model_modules/more.ts`],
    leftOut: [{ path: ".env", reason: "secret", sizeBytes: 13 }],
  });
  expect(await readdir(join(home, "code", "snapshots"))).toEqual([`${run.code?.commit ?? ""}.bundle`]);
});

test("seeds, the rows of data files, and queries with their time are recorded", async () => {
  const { run } = await train(await makeCheckout(FILES));
  expect(run.seeds).toEqual({ seed: 42, "Math.random": 43 });
  expect(Object.values(run.dataRows ?? {})).toEqual([
    { rowCount: 2, digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
  ]);
  expect(run.dataQueries).toEqual([
    { pointer: "/source/query", sql: "SELECT * FROM penguins", file: null, asOf: "2026-01-31" },
  ]);
});

test("outside of git the definition's files are copied, without secrets and large ones, and once", async () => {
  const folder = await testFolder(FILES);
  await writeFile(join(folder, MODEL, "credentials.json"), "{}");
  await writeFile(join(folder, MODEL, "weights.bin"), Buffer.alloc(6 * 1024 * 1024));
  const { run, home } = await train(folder);
  expect(run.code).toMatchObject({ kind: "files", root: join(folder, MODEL), definition: "", commit: null });
  expect(run.code?.leftOut.map(({ path, reason }) => `${path} ${reason}`)).toEqual([
    "credentials.json secret",
    "weights.bin large",
  ]);
  const list = JSON.parse(await readFile(join(home, "code", run.code?.stored ?? ""), "utf8")) as {
    readonly files: readonly { readonly path: string }[];
  };
  expect(list.files.map(({ path }) => path)).toEqual([
    ".cli/datasets/train.json",
    "config.json",
    "model.json",
    "model_modules/index.ts",
  ]);
});

test("without git on the machine the files are copied", async () => {
  const folder = await makeCheckout(FILES);
  const bin = await testFolder();
  const { run, notes } = await train(folder, { PATH: bin });
  expect(run.code).toMatchObject({ kind: "files" });
  expect(notes.join()).not.toContain("could not tell");
});

test("a repository that is broken costs a note, not the training", async () => {
  const folder = await makeCheckout(FILES);
  await writeFile(join(folder, ".git/index"), "broken");
  const { run, notes } = await train(folder);
  expect(run.status).toBe("succeeded");
  expect(run.code).toMatchObject({ kind: "files" });
  expect(notes.join("\n")).toMatch(/Git could not tell the code \(git (status|ls-files): .*index.*\)/s);
});

test("code that cannot be kept anywhere costs a note, not the training", async () => {
  const folder = await testFolder(FILES);
  const home = await testFolder();
  await mkdir(home, { recursive: true });
  await writeFile(join(home, "code"), "a file where a folder should be");
  const { exitCode, json } = await runCli(["train", "--json"], { cwd: folder, home });
  expect(exitCode).toBe(0);
  expect((json as { notes: readonly string[] }).notes.join("\n")).toContain("the run cannot be reproduced");
  await rm(join(home, "code"));
});
