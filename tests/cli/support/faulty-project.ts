import { join } from "node:path";
import { expect } from "vitest";

import { testFolder } from "../../process/support/test-folder.ts";
import { runCli, type CliResult } from "../../support/cli.ts";
import { makeCheckout, photograph } from "./checkout.ts";
import { committedKeys, leftovers, newestRun } from "./stage.ts";

export type Language = "python" | "typescript";

/** Path below the definition folder → text, or a value that is written as JSON; null leaves a file of `SOUND` out. */
export type DefinitionFiles = Readonly<Record<string, string | object | null>>;

/** A definition in which nothing is wrong: what a test gives replaces one of its files. */
const SOUND: Readonly<Record<Language, DefinitionFiles>> = {
  python: {
    "model_modules/__init__.py": "",
    "model_modules/training.py":
      "def train(data_conf, model_conf, **kwargs):\n    open('models/model.txt', 'w').write('1')\n",
    "model_modules/scoring.py": "class ModelScorer:\n    def predict(self, data):\n        return [1 for _ in data]\n",
  },
  typescript: {
    "model_modules/index.ts": `import { writeFileSync } from "node:fs";
export function train() { writeFileSync("models/model.txt", "1"); }
export class ModelScorer { predict(rows) { return rows.map(() => 1); } }
`,
  },
};

export interface CliError {
  readonly code: string;
  readonly kind: string;
  readonly message: string;
  readonly hint: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** How a command must fail. */
export interface ExpectedFailure {
  readonly exitCode: number;
  readonly code: string;
  /** The run that the failure must be recorded in: a new one, or none at all. */
  readonly recordsRun: boolean;
}

/** A committed project with one definition, and a state folder of its own. */
export interface FaultyProject {
  readonly folder: string;
  readonly home: string;
  /** Runs a command in the project. */
  run(args: readonly string[]): Promise<CliResult>;
  /** Runs a command that must succeed; returns what it printed as JSON. */
  succeeds(args: readonly string[]): Promise<unknown>;
  /**
   * Runs a command that must fail as expected: one JSON error as the last line of standard error that says what to do,
   * nothing on standard output, nothing published, no temporary file left, the checkout untouched.
   */
  fails(args: readonly string[], expected: ExpectedFailure): Promise<CliError>;
  /** `run.json` of the newest run. */
  newestRun(): Promise<Readonly<Record<string, unknown>>>;
}

/** Makes a project whose only definition, `demo`, is sound but for `files`. */
export async function faultyProject(language: Language, files: DefinitionFiles = {}): Promise<FaultyProject> {
  const definition: DefinitionFiles = {
    "model.json": { id: "demo-1", name: "demo", language },
    "config.json": { hyperParameters: { depth: 3 } },
    ...SOUND[language],
    ...files,
  };
  const texts = Object.entries(definition).flatMap(([path, content]) =>
    content === null
      ? []
      : [[`model_definitions/demo/${path}`, typeof content === "string" ? content : JSON.stringify(content)] as const],
  );
  return projectIn(await makeCheckout(Object.fromEntries(texts)));
}

/** A project as it lies in a checkout. */
export async function projectIn(folder: string): Promise<FaultyProject> {
  const home = join(await testFolder(), "state");
  const before = await photograph(folder);
  // The standard library is enough for these models.
  const run: FaultyProject["run"] = (args) =>
    runCli([...args, ...(takesPython(args) ? ["--python", "python3", "--no-install"] : [])], { cwd: folder, home });
  const runCount = async () => (await newestRunOrNull(home))?.["id"] ?? null;
  return {
    ...{ folder, home, run },
    newestRun: () => newestRun({ state: home }),
    succeeds: async (args) => {
      const result = await run([...args, "--json"]);
      expect(result.stderr).toBe("");
      expect(result.exitCode).toBe(0);
      expect(await photograph(folder)).toEqual(before);
      return result.json;
    },
    fails: async (args, expected) => {
      const [newest, keys] = [await runCount(), await committedKeys({ state: home })];
      const result = await run([...args, "--json"]);
      const error = errorOf(result);
      expect({ code: error.code, exitCode: result.exitCode, stdout: result.stdout }).toEqual({
        ...{ code: expected.code, exitCode: expected.exitCode, stdout: "" },
      });
      expect(error.message).not.toBe("");
      expect(error.hint).toMatch(/\S/);
      expect(await committedKeys({ state: home })).toEqual(keys);
      expect(await leftovers({ state: home })).toEqual([]);
      expect(await photograph(folder)).toEqual(before);
      if (expected.recordsRun) await expectRecorded(home, error, newest);
      else expect(await runCount()).toBe(newest);
      return error;
    },
  };
}

function takesPython([command = ""]: readonly string[]): boolean {
  return ["train", "evaluate", "publish", "serve", "predict"].includes(command);
}

/** The error that a failed command printed with `--json`. */
export function errorOf({ stderr }: CliResult): CliError {
  const line = stderr.trimEnd().split("\n").at(-1) ?? "";
  return (JSON.parse(line) as { readonly error: CliError }).error;
}

async function expectRecorded(home: string, error: CliError, newestBefore: unknown): Promise<void> {
  const record = await newestRun({ state: home });
  expect(record["id"]).not.toBe(newestBefore);
  expect(error.details["run"]).toBe(record["id"]);
  expect(record).toMatchObject({
    ...{ status: "failed", metrics: {}, platformMetrics: {}, artifacts: [] },
    failure: { code: error.code, message: error.message, hint: error.hint },
    git: { isDirty: false },
  });
  expect(record["endedAt"]).not.toBeNull();
}

async function newestRunOrNull(home: string): Promise<Readonly<Record<string, unknown>> | null> {
  return newestRun({ state: home }).catch(() => null);
}
