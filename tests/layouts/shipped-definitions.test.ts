import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { planDefinition, type TextFile } from "../../src/layouts/plan-definition.ts";
import type { ModelDefinition } from "../../src/model/definition/model-definition.ts";
import { testPython } from "../support/test-python.ts";
import { readFromDisk } from "./read-from-disk.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const PENGUINS = join(ROOT, "examples/penguins");
const TEMPLATES = join(ROOT, "templates");

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "modelwright-shipped-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function readValid(path: string, projectRoot: string): Promise<ModelDefinition> {
  const read = await readFromDisk(path, projectRoot);
  expect(read.valid ? read.warnings : read.faults).toEqual([]);
  if (!read.valid) throw new Error(`${path} is not valid.`);
  return read.definition;
}

/** What a definition did: the metrics that it wrote, and its predictions. */
interface Outcome {
  readonly metrics: Readonly<Record<string, number>>;
  readonly predictions: readonly unknown[];
}

/** Trains, evaluates and asks a definition in a work folder of its own, without the tool. */
async function carryOut(definition: ModelDefinition, dataFolder: string, rows: unknown): Promise<Outcome> {
  const work = join(folder, "work");
  for (const path of ["models", "artifacts/input", "artifacts/output"])
    await mkdir(join(work, path), { recursive: true });
  const value = definition.dataConfigurations[0]?.value ?? {};
  const data = Object.fromEntries(Object.entries(value).map(([key, path]) => [key, join(dataFolder, path as string)]));
  const run = definition.language === "python" ? runPython : runTypeScript;
  const predictions = await run(definition, work, data, rows);
  const metrics = await readFile(join(work, "artifacts/output/metrics.json"), "utf8");
  return { metrics: JSON.parse(metrics) as Outcome["metrics"], predictions };
}

const PYTHON_PROGRAM = `
import json, sys
import pandas, model_modules
task = json.load(sys.stdin)
model_modules.train(task["data"], task["config"], progress_callback_handler=lambda **fields: None)
model_modules.evaluate(task["data"], task["config"])
predictions = model_modules.ModelScorer(task["config"]).predict(pandas.DataFrame(task["rows"]))
json.dump(predictions if isinstance(predictions, list) else predictions.tolist(), sys.stderr)
`;

async function runPython(definition: ModelDefinition, work: string, data: unknown, rows: unknown): Promise<unknown[]> {
  const running = promisify(execFile)(testPython(), ["-B", "-W", "error::UserWarning", "-c", PYTHON_PROGRAM], {
    cwd: work,
    env: { PATH: process.env["PATH"], PYTHONPATH: definition.codeRoot },
  });
  running.child.stdin?.end(JSON.stringify({ data, rows, config: definition.config }));
  return JSON.parse((await running).stderr) as unknown[];
}

interface Model {
  train(data: unknown, config: unknown, context: unknown): void;
  evaluate(data: unknown, config: unknown, context: unknown): void;
  ModelScorer: new (config: unknown, context: unknown) => { predict(rows: unknown): unknown[] };
}

async function runTypeScript(
  definition: ModelDefinition,
  work: string,
  data: unknown,
  rows: unknown,
): Promise<unknown[]> {
  const outfile = join(folder, "bundle.mjs");
  const entry = join(definition.codeRoot, "model_modules/index.ts");
  await build({ entryPoints: [entry], bundle: true, platform: "node", format: "esm", outfile, logLevel: "silent" });
  const model = (await import(pathToFileURL(outfile).href)) as Model;
  const context = {
    modelsPath: join(work, "models"),
    artifactOutputPath: join(work, "artifacts/output"),
    progress: () => undefined,
  };
  model.train(data, definition.config, context);
  model.evaluate(data, definition.config, context);
  return new model.ModelScorer(definition.config, context).predict(rows);
}

describe("penguins", () => {
  const definitionOf = (name: string): Promise<ModelDefinition> =>
    readValid(join(PENGUINS, "model_definitions", name), PENGUINS);

  test("training and test data are the seasons of the one source", async () => {
    const lines = async (name: string): Promise<string[]> =>
      (await readFile(join(PENGUINS, "data", name), "utf8")).trimEnd().split("\n");
    const [header = "", ...source] = await lines("penguins.csv");
    const season = (years: RegExp): string[] =>
      [header, ...source.filter((line) => years.test(line))].map((line) => line.replace(/,[^,]*$/, ""));
    expect(header.endsWith(",year")).toBe(true);
    expect(await lines("penguins-train.csv")).toEqual(season(/,200[78]$/));
    expect(await lines("penguins-test.csv")).toEqual(season(/,2009$/));
  });

  test("both models are right about the unseen season, and agree", async () => {
    const outcomes: Outcome[] = [];
    for (const name of ["penguin-species", "penguin-species-ts"]) {
      const definition = await definitionOf(name);
      outcomes.push(await carryOut(definition, PENGUINS, definition.samples[0]?.rows));
    }
    const [python, typescript] = outcomes;
    for (const outcome of outcomes) {
      expect(outcome.metrics["accuracy"]).toBeGreaterThan(0.98);
      expect(outcome.metrics["log_loss"]).toBeLessThan(0.06);
    }
    const answers = (outcome: Outcome | undefined): { species: string; probabilities: number[] }[] =>
      outcome?.predictions as { species: string; probabilities: number[] }[];
    expect(answers(python).map((answer) => answer.species)).toEqual(["Adelie", "Chinstrap", "Gentoo", "Adelie"]);
    for (const [index, { species, probabilities }] of answers(typescript).entries()) {
      expect(species).toBe(answers(python)[index]?.species);
      for (const [at, probability] of probabilities.entries())
        expect(Math.abs(probability - (answers(python)[index]?.probabilities[at] ?? 0))).toBeLessThan(0.002);
    }
  });
});

describe("templates", () => {
  async function templateFiles(name: string): Promise<TextFile[]> {
    const base = join(TEMPLATES, name);
    const entries = await readdir(base, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return Promise.all(
      files.map(async (file) => ({ path: file.slice(base.length + 1), text: await readFile(file, "utf8") })),
    );
  }

  test.each(["scikit-learn", "xgboost", "typescript"])(
    "a new %s definition trains, evaluates and answers as it stands",
    async (name) => {
      const plan = { id: "id-1", name: 'My "first" model', description: "Says who will leave.\nSoon." };
      for (const { path, text } of planDefinition({ template: await templateFiles(name), ...plan })) {
        await mkdir(dirname(join(folder, "new", path)), { recursive: true });
        await writeFile(join(folder, "new", path), text);
      }
      const definition = await readValid(join(folder, "new"), folder);
      expect(definition).toMatchObject(plan);
      expect(await readFile(join(folder, "new/README.md"), "utf8")).not.toContain("{{");
      const { metrics, predictions } = await carryOut(definition, definition.folder, definition.samples[0]?.rows);
      expect(metrics["accuracy"]).toBeGreaterThan(0.7);
      expect(predictions).toEqual([1]);
    },
  );

  test("the pytorch template is a valid definition of Python code that pickles no module", async () => {
    const plan = { id: "id-1", name: "torchy", description: "d" };
    const files = planDefinition({ template: await templateFiles("pytorch"), ...plan });
    for (const { path, text } of files) {
      await mkdir(dirname(join(folder, "new", path)), { recursive: true });
      await writeFile(join(folder, "new", path), text);
    }
    const definition = await readValid(join(folder, "new"), folder);
    expect(definition).toMatchObject({ framework: "pytorch", mainArtifact: "weights.pt" });
    const compile = [
      "-B",
      "-W",
      "error",
      "-c",
      "import sys\nfor p in sys.argv[1:]: compile(open(p).read(), p, 'exec')",
    ];
    const code = files.filter(({ path }) => path.endsWith(".py")).map(({ path }) => join(folder, "new", path));
    expect(code).toHaveLength(4);
    await promisify(execFile)(testPython(), [...compile, ...code]);
    const texts = files.map(({ text }) => text).join("\n");
    expect(texts).toContain("torch.save(network.state_dict()");
    expect(texts).toContain("weights_only=True");
  });

  test("the templates come with the same example data", async () => {
    for (const file of ["data/train.csv", "data/test.csv", ".cli/datasets/example.json", "samples/rows.json"])
      for (const other of ["xgboost", "pytorch", "typescript"])
        expect(await readFile(join(TEMPLATES, other, file), "utf8")).toBe(
          await readFile(join(TEMPLATES, "scikit-learn", file), "utf8"),
        );
  });
});
