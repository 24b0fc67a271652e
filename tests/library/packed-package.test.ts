import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { runCommand, type CommandResult } from "../../src/process/run-command.ts";
import { testFolder } from "../process/support/test-folder.ts";
import { runCli } from "../support/cli.ts";
import { SPECS } from "./support/statsig-specs.ts";

const ROOT = resolve(import.meta.dirname, "../..");

const CONSUMER = `
import { BaseMLModel, loadModel, LocalConfigReader, ModelConfig, StatsigConfigReader, type ExactJson } from "modelwright";
import { LocalConfigReader as Alone, type JsonValue } from "modelwright/config-readers";
import type { ModelContext } from "modelwright/model-types";
import { expectSamePredictions, temporaryModelStore } from "modelwright/testing";

// @ts-expect-error A job has a context, whose paths are text.
export const modelsPath: number = ({} as ModelContext).modelsPath;

class Upper extends BaseMLModel {
  protected override finish(predictions: readonly ExactJson[]): readonly ExactJson[] {
    return predictions.map((prediction) => String(prediction).toUpperCase());
  }
}

export async function answer(): Promise<readonly ExactJson[]> {
  const model: Upper = await Upper.load("iv@champion", { store: "/srv/models" });
  const { predictions } = await (await loadModel("iv")).predict([{ age: 3 }]);
  expectSamePredictions(predictions, predictions, { relative: 1e-9 });
  return model.predict([{ age: 3 }]);
}

// @ts-expect-error A model needs a name.
export const nameless = () => new ModelConfig({ model: "model.json", modelClass: "XGBClassifier" });

const value: JsonValue = await new Alone({ configDir: "configs" }).read("limits");
const store = await temporaryModelStore();
await store.remove();
const missing = await new StatsigConfigReader({ sdkKey: "secret-key" }).read("a").catch((error: Error & { hint?: string }) => error.hint);
console.log(JSON.stringify({ value, same: Alone === LocalConfigReader, missing }));
`;

const TSCONFIG = {
  compilerOptions: {
    ...{ module: "NodeNext", target: "ES2022", strict: true, exactOptionalPropertyTypes: true, types: ["node"] },
    skipLibCheck: false,
    outDir: "out",
  },
};

test("a program compiles against the packed package and runs with it", { timeout: 200_000 }, async () => {
  const consumer = await installPacked();
  await writeFile(join(consumer, "main.ts"), CONSUMER);
  await mkdir(join(consumer, "configs"));
  await writeFile(join(consumer, "configs/limits.json"), '{"threshold": 0.5}');
  await writeFile(join(consumer, "tsconfig.json"), JSON.stringify(TSCONFIG));
  const compiled = await node([join(ROOT, "node_modules/typescript/bin/tsc"), "-p", "."], consumer);
  expect(compiled.exitCode, compiled.stdout).toBe(0);
  const ran = await node(["out/main.js"], consumer);
  expect(ran.exitCode, ran.stderr).toBe(0);
  expect(JSON.parse(ran.stdout)).toEqual({
    value: { threshold: 0.5 },
    same: true,
    missing: "Run: npm i @statsig/statsig-node-core",
  });
  // What pip needs to install the package of the other language from here.
  const python = await readdir(join(consumer, "node_modules/modelwright/python"));
  expect(python.sort()).toEqual(["LICENSE", "README.md", "pyproject.toml", "src"]);
  expect(await readdir(join(consumer, "node_modules/modelwright/python/src/modelwright"))).toContain("py.typed");
});

const MODEL = `
import { writeFile } from "node:fs/promises";
import type { ModelContext } from "modelwright/model-types";
import { LocalConfigReader, StatsigConfigReader } from "modelwright/config-readers";

export async function train(dataConf: { configs: string; specs: string }, _modelConf: object, context: ModelContext) {
  const limits = await new LocalConfigReader({ configDir: dataConf.configs }).read("limits");
  const reader = new StatsigConfigReader({ specsFile: dataConf.specs });
  await reader.read("thresholds");
  await reader.close();
  await writeFile(\`\${context.modelsPath}/model.json\`, JSON.stringify(limits));
}
`;

test("a model that bundles the readers has what it read recorded with its run", { timeout: 200_000 }, async () => {
  const project = await installPacked();
  const files = {
    "modelwright.json": "{}",
    "configs/limits.json": '{"threshold": 0.5}',
    "configs/specs.json": JSON.stringify(SPECS),
    "data.json": JSON.stringify({ configs: join(project, "configs"), specs: join(project, "configs/specs.json") }),
    "models/churn/model.json": '{"id": "churn", "name": "churn", "language": "typescript"}',
    "models/churn/config.json": "{}",
    "models/churn/model_modules/index.ts": MODEL,
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(project, path, ".."), { recursive: true });
    await writeFile(join(project, path), text);
  }
  // Its compiled add-on is no part of the bundle: it is found beside the project.
  await symlink(join(ROOT, "node_modules/@statsig"), join(project, "node_modules/@statsig"));
  const home = join(project, ".modelwright");
  const trained = await runCli(["train", "churn", "--data", "data.json", "--json"], { cwd: project, home });
  expect(trained.exitCode, trained.stderr).toBe(0);
  const { run } = trained.json as { readonly run: { readonly id: string } };
  const record = JSON.parse(await readFile(join(home, "runs", run.id, "run.json"), "utf8")) as object;
  expect(record).toMatchObject({
    configurations: [
      { source: "local", name: "limits" },
      { source: "statsig", name: "thresholds" },
    ],
  });
});

let packed: string;
beforeAll(async () => {
  packed = await mkdtemp(join(tmpdir(), "modelwright-test-"));
  const types = await node([join(ROOT, "scripts/build-types.mjs")], ROOT);
  expect(types.exitCode, types.stderr).toBe(0);
  const { exitCode, stderr } = await command(["npm", "pack", "--ignore-scripts", "--pack-destination", packed], ROOT);
  expect(exitCode, stderr).toBe(0);
});
afterAll(() => rm(packed, { recursive: true, force: true }));

/** A project with the package as npm would install it, without its optional peers, from nothing but this checkout. */
async function installPacked(): Promise<string> {
  const folder = await testFolder({ "package.json": '{"type": "module"}' });
  const [archive = ""] = await readdir(packed);
  const modules = join(folder, "node_modules");
  const target = join(modules, "modelwright");
  await mkdir(target, { recursive: true });
  const words = ["tar", "xzf", join(packed, archive), "-C", target, "--strip-components=1"];
  const { exitCode, stderr } = await command(words, folder);
  expect(exitCode, stderr).toBe(0);
  const { dependencies } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  await mkdir(join(modules, "@types"));
  for (const name of [...Object.keys(dependencies), "@types/node", "undici-types"])
    await symlink(join(ROOT, "node_modules", name), join(modules, name));
  return folder;
}

function node(args: readonly string[], cwd: string): Promise<CommandResult> {
  return command([process.execPath, ...args], cwd);
}

function command(words: readonly string[], cwd: string): Promise<CommandResult> {
  return runCommand(words, {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "" },
    timeoutMs: 120_000,
    signal: new AbortController().signal,
  });
}
