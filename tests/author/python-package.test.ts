import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

import { runCommand } from "../../src/process/run-command.ts";
import { testFolder } from "../process/support/test-folder.ts";
import { runCli } from "../support/cli.ts";
import { testPython } from "../support/test-python.ts";

const PACKAGE = resolve(import.meta.dirname, "../../python");
const SOURCE = join(PACKAGE, "src");

const SUITE_TIMEOUT_MS = 400_000;

test("the suite of the Python package passes", { timeout: SUITE_TIMEOUT_MS + 10_000 }, async () => {
  const { exitCode, stdout, stderr } = await python(["-m", "pytest", "-q", "-x"], PACKAGE, SUITE_TIMEOUT_MS);
  expect({ exitCode }, `${stdout}${stderr}`).toEqual({ exitCode: 0 });
  expect(stdout).toMatch(/\d+ passed/);
  expect(stdout).not.toMatch(/skipped|xfailed/);
});

test("the package has the version of the tool whose formats it writes", async () => {
  const { version } = JSON.parse(await readFile(join(PACKAGE, "../package.json"), "utf8")) as {
    readonly version: string;
  };
  expect(await readFile(join(PACKAGE, "pyproject.toml"), "utf8")).toContain(`\nversion = "${version}"\n`);
  const { stdout } = await python(["-c", "import modelwright; print(modelwright.__version__)"], PACKAGE);
  expect(stdout.trim()).toBe(version);
});

/** Runs Python with the package on its path. */
function python(args: readonly string[], cwd: string, timeoutMs = 60_000) {
  return runCommand([testPython(), "-B", ...args], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", LANG: "C.UTF-8", PYTHONPATH: SOURCE },
    timeoutMs,
    signal: new AbortController().signal,
  });
}

const PUBLISH = `
import sys
from modelwright.testing import make_sample_model_config
config = make_sample_model_config()
config.save_to_model_store(sys.argv[1])
print(config.version)
`;

test("what a notebook publishes is listed, served from its own environment, and refused when its proof fails", async () => {
  const home = await testFolder();
  const store = join(home, "store");
  const published = await python(["-c", PUBLISH, store], home);
  expect(published.exitCode, published.stderr).toBe(0);
  const version = published.stdout.trim();
  const { json } = await runCli(["versions", "sample", "--json"], { home });
  expect(json).toMatchObject({ versions: [{ version, proof: "metrics", metrics: { accuracy: 0.9 } }] });
  const asked = await runCli(["predict", "sample", "-", "--json", "--python", testPython()], {
    home,
    stdin: "[[1, 2, 3], [-1, -2, 0]]",
  });
  expect(asked.exitCode, asked.stderr).toBe(0);
  expect(asked.json).toMatchObject({ predictions: [1, 0], version });

  // Another publisher wrote a metric that the model does not have, with digests that fit.
  const liar = PUBLISH.replace(
    "config.save_to_model_store",
    "import modelwright.versions.evidence as m; m.compute_metric = lambda *_: 0.5\nconfig.author_email = 'liar@example.com'\nconfig.model.set_params(n_estimators=2).fit(*config.training_set)\nconfig.model_name = 'liar'\nconfig.save_to_model_store",
  );
  expect((await python(["-c", liar, store], home)).exitCode).toBe(0);
  const refused = await runCli(["predict", "liar", "-", "--python", testPython()], { home, stdin: "[[1, 2, 3]]" });
  expect(refused.exitCode).not.toBe(0);
  expect(refused.stderr).toContain("accuracy: 0.5 when stored");
});

const TRAINING = `
import json
import modelwright
from modelwright import LocalConfigReader

def train(data_conf, model_conf, **kwargs):
    threshold = LocalConfigReader(data_conf["configs"]).read("limits")["threshold"]
    modelwright.progress(threshold=threshold)
    with open(modelwright.paths.models / "model.json", "w") as file:
        json.dump({"seed": modelwright.set_seeds(), "threshold": threshold}, file)
`;

test("a job reports through the package: progress, seed, folders, and the configurations that it read", async () => {
  const cwd = await testFolder();
  const [configs, definition] = [join(cwd, "configs"), join(cwd, "models/churn")];
  for (const folder of [configs, join(definition, "model_modules")]) await mkdir(folder, { recursive: true });
  await writeFile(join(cwd, "modelwright.json"), "{}");
  await writeFile(join(configs, "limits.json"), '{"threshold": 0.5}');
  await writeFile(join(cwd, "data.json"), JSON.stringify({ configs }));
  await writeFile(join(definition, "model.json"), '{"id": "churn", "name": "churn", "language": "python"}');
  await writeFile(join(definition, "config.json"), "{}");
  await writeFile(join(definition, "model_modules/__init__.py"), TRAINING);
  const args = ["train", "churn", "--data", "data.json", "--seed", "7", "--no-install", "--python", testPython()];
  const home = await testFolder();
  // The package is not installed there: the tool has it with it.
  const trained = await runCli([...args, "--json"], { cwd, home });
  expect(trained.exitCode, trained.stderr).toBe(0);
  const { run } = trained.json as { readonly run: { readonly id: string } };
  const folder = join(home, "runs", run.id);
  expect(JSON.parse(await readFile(join(folder, "work/models/model.json"), "utf8"))).toEqual({
    seed: 7,
    threshold: 0.5,
  });
  expect(JSON.parse(await readFile(join(folder, "run.json"), "utf8"))).toMatchObject({
    schemaVersion: 1,
    configurations: [
      // sha256 of {"threshold":0.5}
      { source: "local", name: "limits", digest: "78223d46fdb183493f1317458f0099631d4bda40a2652720b7a6c28f516b6135" },
    ],
  });
  const events = await readFile(join(folder, "job/events.jsonl"), "utf8");
  expect(events).toContain('"fields": {"threshold": 0.5}');
});
