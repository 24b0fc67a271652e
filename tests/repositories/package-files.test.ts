import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

import { sha256 } from "../../src/kernel/digest.ts";
import { makeWheel } from "../environments/support/make-wheel.ts";
import { testFolder } from "../process/support/test-folder.ts";
import { runCli, type CliResult } from "../support/cli.ts";
import { testPython } from "../support/test-python.ts";

/** A model that writes down the versions of packages that it imports. */
const training = (names: string): string => `
import ${names}

def train(data_conf, model_conf, **kwargs):
    with open("models/versions.txt", "w") as file:
        file.write(" ".join(module.version for module in (${names},)))
`;

function definition(folder: string, names: string, packages: Readonly<Record<string, string>>): Record<string, string> {
  const files = {
    "model.json": JSON.stringify({ id: folder, name: folder, language: "python" }),
    "config.json": '{"hyperParameters": {}}',
    "model_modules/__init__.py": "from .training import train",
    "model_modules/training.py": training(names),
    ...packages,
  };
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`models/${folder}/${path}`, text]));
}

interface Repository {
  readonly folder: string;
  readonly home: string;
  run(...args: readonly string[]): Promise<CliResult>;
  runWith(variables: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<CliResult>;
}

/** A project whose pip finds the packages that the models import, and no others. */
async function makeRepository(files: Readonly<Record<string, string>>): Promise<Repository> {
  const [folder, home] = [await testFolder({ "modelwright.json": "{}", ...files }), await testFolder()];
  const wheels = join(home, "wheels");
  await mkdir(wheels);
  for (const version of ["1.4", "1.10", "2.0"]) makeWheel(wheels, { name: "wheely", version });
  makeWheel(wheels, { name: "trainly", version: "3.0" });
  const pip = { PIP_NO_INDEX: "1", PIP_FIND_LINKS: wheels };
  const runWith: Repository["runWith"] = (variables, ...args) =>
    runCli(args, { cwd: folder, home, variables: { ...pip, ...variables }, timeoutMs: 100_000 });
  return { folder, home, runWith, run: (...args) => runWith({}, ...args) };
}

async function versionsOf({ home }: Repository, trained: CliResult): Promise<string> {
  expect(trained.exitCode, trained.stderr).toBe(0);
  const { run } = trained.json as { readonly run: { readonly id: string } };
  return readFile(join(home, "runs", run.id, "work/models/versions.txt"), "utf8");
}

test("definitions with only a pyproject.toml or an environment.yml train in environments of what these name", async () => {
  const pyproject = `
[project]
name = "churn"
requires-python = ">=3.8"
dependencies = ["wheely<2"]
[project.optional-dependencies]
train = ["trainly"]
`;
  const poetry = '[tool.poetry.dependencies]\npython = "^3.8"\nwheely = "~1.4"\n';
  const conda =
    "dependencies:\n  - python>=3.8\n  - wheely=1.10\n  - cudatoolkit=11.1\n  - pip:\n      - trainly==3.0\n";
  const repository = await makeRepository({
    ...definition("project", "wheely, trainly", { "pyproject.toml": pyproject }),
    ...definition("poetry", "wheely", { "model_modules/pyproject.toml": poetry }),
    ...definition("conda", "wheely, trainly", { "environment.yml": conda }),
  });
  const listed = await repository.run("list");
  expect(listed.stdout).toContain(
    "models/conda/environment.yml:4:5: Left out, since it is no Python package: cudatoolkit.",
  );
  const train = (name: string) => repository.run("train", name, "--python", testPython(), "--json");
  expect(await versionsOf(repository, await train("project"))).toBe("1.10 3.0");
  expect(await versionsOf(repository, await train("poetry"))).toBe("1.4");
  expect(await versionsOf(repository, await train("conda"))).toBe("1.10 3.0");
});

test("a lock file beside pyproject.toml says which files are installed, and nothing is added to them", async () => {
  const repository = await makeRepository({});
  const path = makeWheel(join(repository.home, "wheels"), { name: "wheely", version: "1.4", requires: ["not-locked"] });
  const lock = (hash: string): string => `version = 1
[[package]]
name = "churn"
source = { virtual = "." }
dependencies = [
  { name = "wheely", version = "1.4", marker = "python_version >= '3'" },
  { name = "wheely", version = "2.0", marker = "python_version < '3'" },
]
[[package]]
name = "wheely"
version = "1.4"
wheels = [{ hash = "sha256:${hash}" }]
[[package]]
name = "wheely"
version = "2.0"
wheels = [{ hash = "sha256:${"0".repeat(64)}" }]
`;
  const pyproject = '[project]\nname = "churn"\ndependencies = ["wheely>=1.4"]\n';
  for (const [name, hash] of [
    ["locked", sha256(await readFile(path))],
    ["replaced", "1".repeat(64)],
  ] as const) {
    const files = definition(name, "wheely", { "pyproject.toml": pyproject, "uv.lock": lock(hash) });
    for (const [file, text] of Object.entries(files)) {
      await mkdir(join(repository.folder, dirname(file)), { recursive: true });
      await writeFile(join(repository.folder, file), text);
    }
  }
  for (const { variables } of [{ variables: {} }, { variables: { PATH: `${dirname(testPython())}:/usr/bin:/bin` } }]) {
    const train = (name: string) =>
      repository.runWith(variables, "train", name, "--python", testPython(), "--upgrade", "--json");
    expect(await versionsOf(repository, await train("locked"))).toBe("1.4");
    const replaced = await train("replaced");
    expect(replaced.exitCode).toBe(7);
    expect(replaced.stderr).toMatch(/hash/i);
  }
});

test("a package that cannot be had is told with the file that names it", async () => {
  const repository = await makeRepository(
    definition("project", "wheely", { "pyproject.toml": '[project]\ndependencies = ["wheely==9.9"]\n' }),
  );
  const { exitCode, stderr } = await repository.run("train", "project", "--python", testPython());
  expect(exitCode).toBe(7);
  expect(stderr).toContain("pyproject.toml");
  expect(stderr).toContain("wheely==9.9");
});

test("a broken file of packages is listed with its place and hurts no other definition", async () => {
  const repository = await makeRepository({
    ...definition("broken", "wheely", { "pyproject.toml": "[project]\ndependencies = [wheely]\n" }),
    ...definition("sound", "wheely", { "environment.yml": "dependencies: [wheely=1.4]" }),
  });
  expect((await repository.run("list", "--json")).json).toMatchObject({
    models: [
      {
        name: "broken",
        valid: false,
        faults: [{ code: "REQUIREMENTS_MALFORMED", where: "models/broken/pyproject.toml:2:17" }],
      },
      { name: "sound", valid: true, faults: [] },
    ],
  });
});
