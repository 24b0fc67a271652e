import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";

import { testFolder } from "../../process/support/test-folder.ts";
import { runCli, type CliResult } from "../../support/cli.ts";
import { makeCheckout } from "./checkout.ts";

export const SCALING_MODEL = "model_definitions/scaling";

/** A model that multiplies by what `config.json` says; `noise` makes every training another one. */
const INDEX = `import { readFileSync, writeFileSync } from "node:fs";

export function train(dataConf: { train: string }, modelConf: { hyperParameters: { factor: number; noise: number } }) {
  const [header = "", ...lines] = readFileSync(dataConf.train, "utf8").trim().split("\\n");
  const bias = lines.reduce((sum, line, index) => sum + Number(line.split(",")[0]) * (index + 1), 0) / 1000;
  const { factor, noise } = modelConf.hyperParameters;
  const chance = noise === 0 ? 0 : noise * (performance.now() % 1);
  writeFileSync("models/model.json", JSON.stringify({ header, bias, factor: factor + chance, random: Math.random() }));
}

export class ModelScorer {
  readonly model = JSON.parse(readFileSync("models/model.json", "utf8"));
  predict(rows: { x: number }[]) {
    return rows.map(({ x }) => x * this.model.factor + this.model.bias);
  }
}
`;

const FILES = {
  "modelwright.json": "{}",
  "data/train.csv": "x,y\n1,1\n2,2\n3,3\n",
  [`${SCALING_MODEL}/model.json`]: JSON.stringify({ id: "scaling-1", name: "scaling", language: "typescript" }),
  [`${SCALING_MODEL}/config.json`]: configOf({}),
  [`${SCALING_MODEL}/signature.json`]: JSON.stringify({
    columns: [{ name: "x", type: "float" }],
    outputs: [{ name: "y", kind: "value" }],
  }),
  [`${SCALING_MODEL}/samples/rows.json`]: JSON.stringify([{ x: 1.5 }, { x: 2.5 }, { x: 100.25 }]),
  [`${SCALING_MODEL}/.cli/datasets/train.json`]: JSON.stringify({ train: "data/train.csv" }),
  [`${SCALING_MODEL}/model_modules/index.ts`]: INDEX,
};

export function configOf(hyperParameters: { readonly factor?: number; readonly noise?: number }): string {
  return JSON.stringify({ hyperParameters: { factor: 2, noise: 0, ...hyperParameters } });
}

/** A committed project with one model that trains in no time, and a state folder of its own. */
export interface ScalingProject {
  readonly folder: string;
  readonly home: string;
  run(args: readonly string[]): Promise<CliResult>;
  /** Runs a command that must succeed; returns what it printed as JSON. */
  succeeds(args: readonly string[]): Promise<unknown>;
  /** Runs a command that must fail so; returns the message of its error. */
  fails(args: readonly string[], code: string): Promise<string>;
  /** Trains; returns the run's id. */
  train(...args: readonly string[]): Promise<string>;
  write(path: string, text: string): Promise<void>;
  /** Changes fields of a run's record, as another tool or time would have written it; undefined removes one. */
  rewriteRun(id: string, fields: Readonly<Record<string, unknown>>): Promise<void>;
}

/** @param isInGit - false: a folder that is under no version control. */
export async function scalingProject({ isInGit = true } = {}): Promise<ScalingProject> {
  const folder = isInGit ? await makeCheckout(FILES) : await testFolder(FILES);
  const home = await testFolder();
  const run: ScalingProject["run"] = (args) => runCli(args, { cwd: folder, home });
  const succeeds: ScalingProject["succeeds"] = async (args) => {
    const { exitCode, stderr, stdout } = await run([...args, "--json"]);
    expect({ exitCode, stderr }, args.join(" ")).toEqual({ exitCode: 0, stderr: "" });
    return JSON.parse(stdout) as unknown;
  };
  return {
    ...{ folder, home, run, succeeds },
    fails: async (args, code) => {
      const { stderr, stdout } = await run([...args, "--json"]);
      expect(stdout).toBe("");
      const { error } = JSON.parse(stderr.trimEnd().split("\n").at(-1) ?? "") as {
        readonly error: { readonly code: string; readonly message: string };
      };
      expect(error.code, error.message).toBe(code);
      return error.message;
    },
    train: async (...args) =>
      ((await succeeds(["train", ...args])) as { readonly run: { readonly id: string } }).run.id,
    write: (path, text) => writeFile(join(folder, path), text),
    rewriteRun: async (id, fields) => {
      const path = join(home, "runs", id, "run.json");
      const record = JSON.parse(await readFile(path, "utf8")) as object;
      await writeFile(path, JSON.stringify({ ...record, ...fields }));
    },
  };
}
