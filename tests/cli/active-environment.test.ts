import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

import { makeWheel } from "../environments/support/make-wheel.ts";
import { testFolder } from "../process/support/test-folder.ts";
import { runCli, type CliResult } from "../support/cli.ts";
import { testPython } from "../support/test-python.ts";
import { errorOf } from "./support/faulty-project.ts";

const DEFINITION = {
  "modelwright.json": "{}",
  "models/where/model.json": '{ "name": "where", "language": "python" }',
  "models/where/config.json": "{}",
  "models/where/model_modules/requirements.txt": "numpy==1.19.5\n",
  "models/where/model_modules/__init__.py": [
    "import sys",
    "def train(data_conf, model_conf, **kwargs):",
    "    with open('models/prefix.txt', 'w') as file:",
    "        file.write(sys.prefix)",
  ].join("\n"),
};

interface RunJson {
  readonly run: { readonly environment: { readonly interpreter: string; readonly unmet: readonly string[] } };
}

/** An empty virtual environment. */
async function bareEnvironment(): Promise<string> {
  const folder = join(await testFolder(), "env");
  execFileSync(testPython(), ["-m", "venv", "--without-pip", folder]);
  return folder;
}

test("--use-active runs a model in the environment that is active, as it is", async () => {
  const cwd = await testFolder(DEFINITION);
  const environment = await bareEnvironment();
  for (const variables of [{ VIRTUAL_ENV: environment }, { CONDA_PREFIX: environment }]) {
    const train = (...more: readonly string[]): Promise<CliResult> =>
      runCli(["train", "where", "--use-active", "--json", ...more], { cwd, variables });
    const { json, stderr } = await train();
    expect(stderr).toBe("");
    expect((json as RunJson).run.environment).toMatchObject({ unmet: ["needs numpy==1.19.5, not installed"] });
    const strict = await train("--strict");
    expect(strict.exitCode).toBe(7);
    expect(errorOf(strict)).toMatchObject({
      code: "REQUIREMENTS_UNMET",
      message: expect.stringContaining(join(environment, "bin/python")) as string,
    });
  }
});

test("--use-active is refused where no environment is active, or one that is gone, or together with another choice", async () => {
  const cwd = await testFolder(DEFINITION);
  const gone = join(cwd, "gone");
  const wheels = await testFolder();
  makeWheel(wheels, { name: "some", version: "1.0" });
  for (const [variables, args, expected] of [
    [{}, [], { code: "INTERPRETER_NOT_FOUND", message: /No environment is active/ }],
    [{ VIRTUAL_ENV: gone }, [], { code: "INTERPRETER_NOT_FOUND", message: /gone\/bin\/python does not exist/ }],
    [{ VIRTUAL_ENV: gone }, ["--python", "python3"], { code: "USAGE", message: /--use-active and --python/ }],
    [{ VIRTUAL_ENV: gone }, ["--wheels", wheels], { code: "USAGE", message: /--wheels has packages installed/ }],
  ] as const) {
    const result = await runCli(["train", "where", "--use-active", ...args, "--json"], { cwd, variables });
    const error = errorOf(result);
    expect(error.code).toBe(expected.code);
    expect(error.message).toMatch(expected.message);
  }
});
