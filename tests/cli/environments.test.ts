import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

import { makeWheel } from "../environments/support/make-wheel.ts";
import { testFolder } from "../process/support/test-folder.ts";
import { runCli, type CliResult } from "../support/cli.ts";
import { testPython } from "../support/test-python.ts";
import { errorOf } from "./support/faulty-project.ts";

interface Shown {
  readonly name: string;
  readonly folder: string;
  readonly python: string;
  readonly packages: readonly string[];
  readonly usedBy: Readonly<Record<"definitions" | "runs" | "versions", readonly string[]>>;
}

interface Project {
  readonly cwd: string;
  readonly home: string;
  /** Folder of the wheels that are installed from. */
  readonly wheels: string;
  run(...args: readonly string[]): Promise<CliResult>;
  list(): Promise<{ readonly environments: readonly Shown[]; readonly broken: readonly string[] }>;
}

const definition = (name: string, requirements: string): Record<string, string> => ({
  [`models/${name}/model.json`]: JSON.stringify({ name, language: "python" }),
  [`models/${name}/config.json`]: "{}",
  [`models/${name}/model_modules/requirements.txt`]: requirements,
  [`models/${name}/model_modules/__init__.py`]:
    "def train(data_conf, model_conf, **kwargs):\n    open('models/model.txt', 'w').close()\n",
});

/** A project of two models with the same requirements and one with others. */
async function makeProject(): Promise<Project> {
  const [cwd, home, wheels] = [
    await testFolder({
      "modelwright.json": "{}",
      ...definition("one", "wheely<2\n"),
      ...definition("two", "# as one\nwheely<2\n"),
      ...definition("bare", ""),
    }),
    await testFolder(),
    await testFolder(),
  ];
  makeWheel(wheels, { name: "wheely", version: "1.4" });
  const variables = { PIP_NO_INDEX: "1", PIP_FIND_LINKS: wheels, MODELWRIGHT_PYTHON: testPython() };
  const run = (...args: readonly string[]) => runCli([...args, "--json"], { cwd, home, variables, timeoutMs: 100_000 });
  return {
    cwd,
    home,
    wheels,
    run,
    list: async () => (await run("env", "list")).json as Awaited<ReturnType<Project["list"]>>,
  };
}

test("environments are created, shared, shown and removed when nothing uses them any more", async () => {
  const project = await makeProject();
  const created = await project.run("env", "create", "one");
  expect(created.json).toMatchObject({
    model: "one",
    environments: [{ purposes: ["train", "predict"], origin: "built", packages: ["wheely==1.4"], unmet: [] }],
  });
  await project.run("env", "create", "bare");
  await project.run("train", "bare");
  const { environments } = await project.list();
  expect(environments.map(({ packages, usedBy }) => ({ packages, ...usedBy, runs: usedBy.runs.length }))).toEqual([
    { packages: [], definitions: ["bare"], runs: 1, versions: [] },
    { packages: ["wheely==1.4"], definitions: ["one", "two"], runs: 0, versions: [] },
  ]);
  const shown = (await project.run("env", "show", "two")).json as { readonly environments: readonly Shown[] };
  expect(shown.environments).toEqual([environments[1]]);
  const byDigest = await project.run("env", "show", environments[1]?.name.slice(0, 8) ?? "");
  expect(byDigest.json).toEqual(shown);

  expect((await project.run("env", "prune")).json).toMatchObject({ removed: [] });
  for (const name of ["one", "two", "bare"]) await rm(join(project.cwd, "models", name), { recursive: true });
  const unused = [{ folder: environments[1]?.folder, reason: "unused" }];
  expect((await project.run("env", "prune", "--dry-run")).json).toEqual({
    removed: unused,
    spared: [],
    written: false,
  });
  expect((await project.list()).environments).toHaveLength(2);
  expect((await project.run("env", "prune")).json).toEqual({ removed: unused, spared: [], written: true });
  // A run that is recorded keeps its environment.
  expect((await project.list()).environments.map(({ folder }) => folder)).toEqual([environments[0]?.folder]);
});

test("what was not used for so many days goes, unless a process runs in it or somebody builds it", async () => {
  const project = await makeProject();
  for (const name of ["one", "bare"]) await project.run("env", "create", name);
  const { environments } = await project.list();
  const [bare, one] = environments;
  if (bare === undefined || one === undefined) throw new Error("Two environments were to be built.");
  const longAgo = new Date(Date.now() - 40 * 24 * 3_600_000);
  for (const { folder } of [bare, one]) await utimes(join(folder, "ready.json"), longAgo, longAgo);
  const prune = async () => (await project.run("env", "prune", "--older-than", "30")).json;
  const spared = (folder: string, because: string) => ({
    removed: expect.anything() as unknown,
    spared: [{ folder, because }],
    written: true,
  });

  const server = spawn(one.python, ["-c", "import sys; print('up', flush=True); sys.stdin.read()"]);
  onTestFinished(() => void server.kill("SIGKILL"));
  await once(server.stdout, "data");
  expect(await prune()).toEqual(spared(one.folder, "running"));
  server.stdin.end();
  await once(server, "close");

  const program =
    "import fcntl, sys; f = open(sys.argv[1], 'w'); fcntl.flock(f, 2); print('held', flush=True); sys.stdin.read()";
  const builder = spawn(testPython(), ["-c", program, `${one.folder}.lock`]);
  onTestFinished(() => void builder.kill("SIGKILL"));
  await once(builder.stdout, "data");
  expect(await prune()).toMatchObject({ removed: [], spared: [{ folder: one.folder, because: "building" }] });
  builder.stdin.end();
  await once(builder, "close");

  expect(await prune()).toEqual({ removed: [{ folder: one.folder, reason: "old" }], spared: [], written: true });
  // Used a moment ago: the time begins anew.
  await project.run("env", "create", "one");
  await project.run("env", "create", "one");
  expect(await prune()).toMatchObject({ removed: [] });
});

test("halves of killed builders are listed and removed", async () => {
  const project = await makeProject();
  const envs = join(project.home, "envs");
  const halves = ["0".repeat(32), `${"1".repeat(32)}.tmp`, join("pip", "2".repeat(32))].map((name) => join(envs, name));
  for (const folder of halves) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "something"), "");
  }
  await writeFile(join(halves[0] ?? "", "ready.json"), "{");
  expect((await project.list()).broken).toEqual(halves);
  const { json } = await project.run("env", "prune");
  expect(json).toMatchObject({ removed: halves.map((folder) => ({ folder, reason: "broken" })) });
  expect((await readdir(envs)).filter((name) => !name.endsWith(".lock"))).toEqual(["pip"]);
});

test("a model whose environment is not there is told how to get one", async () => {
  const project = await makeProject();
  for (const [text, code] of [
    ["one", "ENVIRONMENT_NOT_FOUND"],
    ["nobody", "DEFINITION_NOT_FOUND"],
    ["../..", "DEFINITION_NOT_FOUND"],
  ] as const) {
    const result = await project.run("env", "show", text);
    expect(result.exitCode).toBe(4);
    expect(errorOf(result)).toMatchObject({ code });
  }
});

test("a run is reproduced in the environment that it had, built again from its lock", async () => {
  const project = await makeProject();
  const { cwd, home, wheels } = project;
  await writeFile(
    join(cwd, "models/one/model_modules/__init__.py"),
    `import wheely

def train(data_conf, model_conf, **kwargs):
    with open("models/version.txt", "w") as file:
        file.write(wheely.version)

class ModelScorer:
    def predict(self, data):
        return [[wheely.version, open("models/version.txt").read()] for _ in data]
`,
  );
  await mkdir(join(cwd, "models/one/samples"));
  await writeFile(join(cwd, "models/one/samples/rows.json"), "[[1]]");
  const trained = await project.run("train", "one");
  expect(trained.exitCode, trained.stderr).toBe(0);
  // What is newest by now would be taken, were the requirements resolved anew.
  makeWheel(wheels, { name: "wheely", version: "1.9" });
  const kept = join(home, "envs");
  for (const name of await readdir(kept)) if (name !== "pip") await rm(join(kept, name), { recursive: true });
  const { json, exitCode, stderr } = await project.run("reproduce", "latest");
  expect(exitCode, stderr).toBe(0);
  expect(json).toMatchObject({
    reproduced: true,
    answers: { rows: { total: 1, compared: 1, different: 0 } },
    differences: { environment: { state: "same" }, artifacts: { state: "same" } },
  });
  const built = (await readdir(kept)).filter((name) => /^[0-9a-f]{32}$/.test(name));
  expect(built).toHaveLength(1);
  expect(await readdir(join(kept, built[0] ?? "", "lib"), { recursive: true })).toContainEqual(
    expect.stringMatching(/wheely-1\.4\.dist-info$/),
  );
});
