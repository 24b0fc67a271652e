import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { COMMANDS } from "../../src/cli/command-table.ts";
import { outputSchemaName } from "../../src/cli/schemas/published-schemas.ts";
import { testFolder } from "../process/support/test-folder.ts";
import { runCli, startCli } from "../support/cli.ts";
import { expectToFit } from "./support/published-schema.ts";

const BROKEN_MODEL_JSON = '{ "name": "broken", "language": ';

const DATA = "model_definitions/churn/.cli/datasets/example.json";

/** A first day's work, in order: every form of output that a command has. `serve` is started and stopped below. */
const COMMAND_LINES: readonly (readonly [command: string, ...args: readonly string[]])[] = [
  ["add", "--list-templates"],
  ["add", "churn", "--language", "typescript", "--dry-run"],
  ["add", "churn", "--language", "typescript"],
  ["list"],
  ["explain", "churn"],
  ["train", "churn", "--dry-run"],
  ["train", "churn"],
  ["evaluate", "churn"],
  ["runs list", "churn", "--kind", "train"],
  ["runs show", "latest"],
  ["runs log", "latest"],
  ["runs compare", "latest", "latest", "--all"],
  ["runs report", "latest", "--out", "run.html"],
  ["env list"],
  ["env create", "churn"],
  ["env create", "bare"],
  ["env list"],
  ["env show", "bare"],
  ["env prune", "--dry-run"],
  ["env prune", "--older-than", "0"],
  ["versions"],
  ["publish", "churn", "--alias", "champion"],
  ["publish", "churn"],
  ["report", "churn@champion", "--out", "churn.html"],
  ["train", "churn", "--publish"],
  ["reproduce", "latest"],
  ["evaluate", "churn@champion", "--data", DATA],
  ["alias set", "churn", "champion"],
  ["alias set", "churn", "champion"],
  ["alias list", "churn"],
  ["alias history", "churn", "champion"],
  ["alias remove", "churn", "champion"],
  ["alias rollback", "churn", "champion"],
  ["versions"],
  ["versions", "churn"],
  ["compare", "churn@champion", "churn"],
  ["diff", "churn@champion", "latest"],
  ["predict", "churn@champion", "rows.json"],
  ["predict", "model_definitions/churn", "rows.json"],
  ["doctor", "--collect", "--verify"],
  ["show", "churn"],
  ["inspect", "rows.json"],
  ["config show"],
  ["completion", "bash"],
  ["completion", "words", "=tr"],
  ["demo", "--python", "/nonexistent"],
];

test("what every command prints with --json fits its published schema", async () => {
  const project = await testProject();
  for (const [command, ...args] of COMMAND_LINES) {
    const { stdout, stderr, exitCode } = await runCli([...command.split(" "), ...args, "--json"], project);
    // A broken definition lies about: doctor finds it.
    expect({ exitCode, stderr }, `${command} ${args.join(" ")}`).toEqual({
      exitCode: command === "doctor" ? 3 : 0,
      stderr: "",
    });
    expectToFit(outputSchemaName(command), JSON.parse(stdout));
  }
  await expectServeToFit(project);
  const walked = new Set([...COMMAND_LINES.map(([command]) => command), "serve", "test-endpoint"]);
  expect([...walked].sort()).toEqual(COMMANDS.map(({ name }) => name).sort());
});

async function expectServeToFit(project: Project): Promise<void> {
  const server = await startCli(["serve", "churn@champion", "--port", "0", "--json"], project);
  const [line] = await server.printed(/^.+(?=\n)/);
  const announced = JSON.parse(line) as { readonly url: string };
  for (const more of [[], ["--rows", "rows.json"]]) {
    const tested = await runCli(["test-endpoint", "churn", "--url", announced.url, ...more, "--json"], project);
    expect(tested).toMatchObject({ exitCode: 0, stderr: "" });
    expectToFit("output/test-endpoint", JSON.parse(tested.stdout));
  }
  server.process.kill("SIGTERM");
  await server.ended;
  expectToFit("output/serve", announced);
  // Nothing else: a program may read standard output as one document.
  expect(server.stdout()).toBe(`${line}\n`);
}

test.each([
  { args: ["train", "nobody"], code: "DEFINITION_NOT_FOUND", exitCode: 4 },
  { args: ["train", "broken"], code: "DEFINITION_INVALID", exitCode: 3 },
  { args: ["serve", "nobody"], code: "MODEL_NOT_FOUND", exitCode: 4 },
  { args: ["predict", "nobody", "gone.csv"], code: "FILE_NOT_FOUND", exitCode: 4 },
  { args: ["alias", "set", "a@b@c", "champion"], code: "REFERENCE_INVALID", exitCode: 3 },
  { args: ["train", "--seed", "many", "broken"], code: "DEFINITION_INVALID", exitCode: 3 },
])("the error $code is printed as JSON in the last line of standard error", async ({ args, code, exitCode }) => {
  const result = await runCli([...args, "--json"], await testProject());
  expect(result).toMatchObject({ exitCode, stdout: "" });
  const error: unknown = JSON.parse(result.stderr.trimEnd().split("\n").at(-1) ?? "");
  expectToFit("output/error", error);
  expect(error).toMatchObject({ error: { code } });
});

interface Project {
  readonly cwd: string;
  readonly home: string;
}

/** A project with one broken definition, and one in Python that needs no packages. */
async function testProject(): Promise<Project> {
  const cwd = await testFolder();
  const broken = join(cwd, "model_definitions", "broken");
  await mkdir(broken, { recursive: true });
  await writeFile(join(broken, "model.json"), BROKEN_MODEL_JSON);
  const bare = join(cwd, "model_definitions", "bare");
  await mkdir(join(bare, "model_modules"), { recursive: true });
  await writeFile(join(bare, "model.json"), '{ "name": "bare", "language": "python" }');
  await writeFile(join(bare, "model_modules/__init__.py"), "");
  await writeFile(join(cwd, "modelwright.json"), "{}");
  const rows = [{ tenure_months: 3, monthly_price: 49.9, plan: "basic" }];
  await writeFile(join(cwd, "rows.json"), JSON.stringify(rows));
  return { cwd, home: await testFolder() };
}
