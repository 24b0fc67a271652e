import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { testFolder } from "../process/support/test-folder.ts";
import { waitUntil } from "../process/support/wait-until.ts";
import { runCli, startCli, type CliResult } from "../support/cli.ts";

/** Prints, waits for a file named go, and prints again. */
const SLOW_MODEL = `
import { existsSync, writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

export async function train(dataConf, modelConf, context) {
  console.log("\\u001b[32mbegun\\u001b[0m");
  console.error("careful");
  while (!existsSync(dataConf.go)) await setTimeout(20);
  console.log("done with depth " + modelConf.depth);
  if (modelConf.depth > 8) throw new Error("too deep");
  writeFileSync(context.modelsPath + "/model.json", "{}");
}
export class ModelScorer { predict(rows) { return rows; } }
`;

async function slowProject(depth: number) {
  const cwd = await testFolder({
    "modelwright.json": "{}",
    "models/slow/model.json": '{"id": "slow", "name": "Slow", "language": "typescript"}',
    "models/slow/config.json": JSON.stringify({ depth }),
    "models/slow/model_modules/index.ts": SLOW_MODEL,
  });
  const home = await testFolder();
  await writeFile(join(cwd, "data.json"), JSON.stringify({ go: join(cwd, "go") }));
  const args = ["train", "slow", "--data", "data.json"];
  return {
    run: (...words: readonly string[]): Promise<CliResult> => runCli(words, { cwd, home }),
    start: (...words: readonly string[]) => startCli(words, { cwd, home }),
    train: () => startCli(args, { cwd, home }),
    setDepth: (value: number) => writeFile(join(cwd, "models/slow/config.json"), JSON.stringify({ depth: value })),
    letGo: () => writeFile(join(cwd, "go"), ""),
    home,
  };
}

async function statuses(list: CliResult): Promise<readonly string[]> {
  const { runs } = (await Promise.resolve(list.json)) as { readonly runs: readonly { readonly status: string }[] };
  return runs.map(({ status }) => status);
}

test("a run can be watched while it goes on, and looked at afterwards", async () => {
  const project = await slowProject(3);
  const training = await project.train();
  await waitUntil(async () => (await statuses(await project.run("runs", "list", "--json")))[0] === "running");
  const log = await project.start("runs", "log", "latest", "--follow");
  await log.printed(/begun/);
  expect(log.process.exitCode).toBeNull();
  await project.letGo();
  expect((await training.ended).exitCode).toBe(0);
  const ended = await log.ended;
  expect(ended).toMatchObject({ exitCode: 0, stderr: "" });
  expect(ended.stdout).toContain("careful");
  expect(ended.stdout).toContain("done with depth 3");
  expect((await project.run("runs", "log", "latest", "--stream", "stderr")).stdout).toBe("careful\n");
  expect((await project.run("runs", "show", "latest")).stdout).toMatch(
    /train, succeeded[^]*depth: 3[^]*models\/model\.json/,
  );
});

test("runs are listed by model, kind, status and number, and compared by what differs", async () => {
  const project = await slowProject(3);
  await project.letGo();
  await (
    await project.train()
  ).ended;
  await project.setDepth(9);
  expect((await (await project.train()).ended).exitCode).toBe(6);
  expect(await statuses(await project.run("runs", "list", "Slow", "--json"))).toEqual(["failed", "succeeded"]);
  expect(await statuses(await project.run("runs", "list", "--status", "failed", "--json"))).toEqual(["failed"]);
  expect((await project.run("runs", "list", "--limit", "1")).stdout).toMatch(
    /failed \(TRAINING_FAILED\)[^]*1 of 2 runs; --limit 0 shows all\.\n$/,
  );
  expect((await project.run("runs", "list", "--kind", "evaluate")).stdout).toMatch(/^No run is like that/);
  expect((await project.run("runs", "show", "latest")).stdout).toMatch(
    /failure:\n +TRAINING_FAILED\n +Error: too deep/,
  );
  const { runs } = (await project.run("runs", "list", "--json")).json as {
    readonly runs: readonly { readonly id: string }[];
  };
  const [newer = "", older = ""] = runs.map(({ id }) => id);
  const { stdout } = await project.run("runs", "compare", older, newer);
  expect(stdout).toMatch(/PARAMETERS\n +depth +3 +9\n/);
  expect(stdout).not.toContain("architecture");
  expect((await project.run("runs", "compare", older, newer, "--all")).stdout).toContain("architecture");
  expect((await project.run("runs", "compare", newer, newer)).stdout).toMatch(/^These runs do not differ/);
});

test("a damaged record is told below the list, and by its own commands", async () => {
  const project = await slowProject(3);
  await project.letGo();
  await (
    await project.train()
  ).ended;
  const { runs } = (await project.run("runs", "list", "--json")).json as {
    readonly runs: readonly { readonly id: string }[];
  };
  const [id = ""] = runs.map((one) => one.id);
  const file = join(project.home, "runs", id, "run.json");
  await writeFile(file, (await readFile(file, "utf8")).slice(0, 100));
  const list = await project.run("runs", "list");
  expect(list).toMatchObject({ exitCode: 0, stderr: "" });
  expect(list.stdout).toContain(`Run ${id} cannot be read: ${file} is not JSON`);
  for (const command of ["show", "log"])
    expect((await project.run("runs", command, id)).stderr).toMatch(/^error JSON_MALFORMED.*\n {2}→ Restore the file/);
});

test.each([
  { args: ["runs", "compare", "latest"], code: "USAGE" },
  { args: ["runs", "show", "latest"], code: "RUN_NOT_FOUND" },
  { args: ["runs", "log", "20261121"], code: "RUN_NOT_FOUND" },
  { args: ["runs", "list", "--limit", "few"], code: "USAGE" },
  { args: ["runs", "list", "--status", "good"], code: "USAGE" },
])("modelwright $args.0 $args.1 $args.2 is refused with $code", async ({ args, code }) => {
  const { exitCode, stderr } = await runCli(args);
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain(`error ${code}`);
});
