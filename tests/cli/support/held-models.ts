import { execFile } from "node:child_process";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll } from "vitest";

import { makeSlowPackage } from "../../environments/support/slow-package.ts";
import { CLI } from "../../support/cli.ts";
import { testPython } from "../../support/test-python.ts";
import { writeFiles } from "./write-files.ts";

const execute = promisify(execFile);

/*
 * Models that a test can hold in any phase: while `$HOME/hold-<phase>` exists, the model that comes to that phase starts
 * a child in a session of its own, writes its process id to `$HOME/at-<phase>`, and computes without end. If
 * `$HOME/with-child` exists, a scorer has such a child too. If
 * `$HOME/stubborn` exists, the Python model answers SIGTERM by making `$HOME/told-to-end`, and goes on.
 */

/** Phases in which a model's own code runs. */
export type HeldPhase = "train" | "evaluate" | "load" | "predict";

export type HeldLanguage = "python" | "typescript";

const PYTHON = `
import os, signal, subprocess

def hold(phase):
    home = os.environ["HOME"]
    if phase == "load" and os.path.exists(os.path.join(home, "with-child")):
        subprocess.Popen(["sleep", "600"], start_new_session=True)
    if not os.path.exists(os.path.join(home, "hold-" + phase)):
        return
    subprocess.Popen(["sleep", "600"], start_new_session=True)
    def stay(number, frame):
        open(os.path.join(home, "told-to-end"), "w").close()
    if os.path.exists(os.path.join(home, "stubborn")):
        signal.signal(signal.SIGTERM, stay)
    with open(os.path.join(home, "at-" + phase), "w") as file:
        file.write("%d\\n" % os.getpid())
    while True:
        pass

def train(data_conf, model_conf, **kwargs):
    hold("train")
    with open("models/factor.txt", "w") as file:
        file.write("2")

def evaluate(data_conf, model_conf, **kwargs):
    hold("evaluate")
    with open("artifacts/output/metrics.json", "w") as file:
        file.write('{"checked": 1}')

class ModelScorer:
    def __init__(self):
        hold("load")
        with open("models/factor.txt") as file:
            self.factor = float(file.read())

    def predict(self, rows):
        hold("predict")
        return [row["x"] * self.factor for row in rows]
`;

const TYPESCRIPT = `
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";

function hold(phase: string): void {
  const home = process.env["HOME"];
  if (phase === "load" && existsSync(home + "/with-child")) spawn("sleep", ["600"], { detached: true, stdio: "ignore" });
  if (!existsSync(home + "/hold-" + phase)) return;
  spawn("sleep", ["600"], { detached: true, stdio: "ignore" });
  writeFileSync(home + "/at-" + phase, process.pid + "\\n");
  while (true) {}
}

export function train(): void {
  hold("train");
  writeFileSync("models/factor.txt", "2");
  // Many small files take a while to store.
  const count = Number(process.env["HOME"] !== undefined && existsSync(process.env["HOME"] + "/many") ? 400 : 0);
  mkdirSync("models/parts");
  for (let part = 0; part < count; part++) writeFileSync("models/parts/" + part, String(part));
}

export function evaluate(): void {
  hold("evaluate");
  writeFileSync("artifacts/output/metrics.json", '{"checked": 1}');
}

export class ModelScorer {
  readonly #factor: number;
  constructor() {
    hold("load");
    this.#factor = Number(readFileSync("models/factor.txt", "utf8"));
  }
  predict(rows: readonly { readonly x: number }[]): number[] {
    hold("predict");
    return rows.map(({ x }) => x * this.#factor);
  }
}
`;

const CODE = { python: ["__init__.py", PYTHON], typescript: ["index.ts", TYPESCRIPT] } as const;

/** Files of a model definition of this language that can be held, by path below the project. */
function definitionFiles(language: HeldLanguage): Readonly<Record<string, string>> {
  const folder = `model_definitions/held-${language}`;
  const [file, code] = CODE[language];
  const model = { id: `held-${language}`, name: `held-${language}`, language, predict: "rows", input: "records" };
  return {
    [`${folder}/model.json`]: JSON.stringify(model),
    [`${folder}/config.json`]: '{"hyperParameters": {}}',
    [`${folder}/samples/rows.json`]: '[{"x": 1}, {"x": 2}]',
    [`${folder}/model_modules/${file}`]: code,
  };
}

/** Definitions whose training is held up by the tool's own work. */
function slowFiles(): Readonly<Record<string, string>> {
  const [slow, large] = ["model_definitions/needs-slow-package", "model_definitions/large-typescript"];
  const lines = Array.from(
    { length: 60_000 },
    (_, n) => `export function f${n}(x: { y: number }) { return x.y + ${n}; }`,
  );
  return {
    [`${slow}/model.json`]: '{"id": "needs-slow-package", "name": "needs-slow-package", "language": "python"}',
    [`${slow}/model_modules/__init__.py`]: PYTHON,
    [`${slow}/model_modules/requirements.txt`]: "slow",
    [`${large}/model.json`]: '{"id": "large-typescript", "name": "large-typescript", "language": "typescript"}',
    [`${large}/model_modules/index.ts`]: `${lines.join("\n")}\n${TYPESCRIPT}`,
  };
}

/**
 * A project with a model of each language and two that are slow to prepare, shared by the tests of a file; nothing
 * writes into it.
 */
export function shareHeldProject(): { readonly folder: () => string } {
  let folder = "";
  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "modelwright-test-held-")));
    await writeFiles(folder, {
      ...definitionFiles("python"),
      ...definitionFiles("typescript"),
      ...slowFiles(),
      "rows.json": '[{"x": 1}]',
      "wheels/.keep": "",
    });
    makeSlowPackage(join(folder, "wheels"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return { folder: () => folder };
}

/**
 * A state folder in which both models are trained, shared by the tests of a file, which copy it.
 * @param options.isSmall - the TypeScript model has one file instead of hundreds.
 * @param options.isPublished - they are published, too.
 */
export function shareTrainedState(
  project: () => string,
  { isSmall = false, isPublished = false }: { readonly isSmall?: boolean; readonly isPublished?: boolean } = {},
): { readonly folder: () => string } {
  let home = "";
  beforeAll(async () => {
    home = await realpath(await mkdtemp(join(tmpdir(), "modelwright-test-trained-")));
    if (!isSmall) await writeFile(join(home, "many"), "");
    const env = { PATH: process.env["PATH"] ?? "", HOME: home, MODELWRIGHT_HOME: join(home, "state") };
    const python = ["held-python", "--python", testPython(), "--no-install"];
    for (const args of [python, ["held-typescript"]])
      await execute(process.execPath, [CLI, "train", ...args, ...(isPublished ? ["--publish"] : [])], {
        cwd: project(),
        env,
      });
  });
  afterAll(() => rm(home, { recursive: true, force: true }));
  return { folder: () => join(home, "state") };
}
