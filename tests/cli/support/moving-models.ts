import { Agent } from "node:http";
import { execFile } from "node:child_process";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, onTestFinished } from "vitest";

import { localObjectStore } from "../../../src/storage/local-object-store.ts";
import type { ModelStore } from "../../../src/store/model-store.ts";
import { testStore } from "../../store/support/sample-publication.ts";
import { call, postJson, type HttpReply } from "../../support/http-exchange.ts";
import { CLI, type StartedCli } from "../../support/cli.ts";
import { makeStage, type Stage } from "./stage.ts";
import { writeFiles } from "./write-files.ts";

/*
 * A model that answers `x` times the factor that it was trained with, and does what its rows say. `SHIFT` in its
 * environment changes its answers, and `BREAK=<factor>` keeps the version with that factor from being loaded.
 */
const TYPESCRIPT = `
import { readFileSync, writeFileSync } from "node:fs";
const held: Buffer[] = [];
export function train(): void { writeFileSync("models/factor.txt", process.env["FACTOR"] ?? "1"); }
export class ModelScorer {
  readonly #factor = Number(readFileSync("models/factor.txt", "utf8"));
  constructor() {
    if (process.env["BREAK"] === String(this.#factor)) throw new Error("broken on purpose");
  }
  predict(rows: readonly Readonly<Record<string, number>>[]): unknown[] {
    return rows.map((row) => {
      if (row["exit"] !== undefined) process.exit(row["exit"]);
      if (row["pid"] !== undefined) return process.pid;
      if (row["eat"] !== undefined) held.push(Buffer.alloc(row["eat"], 1));
      if (row["busy"] !== undefined) { const end = Date.now() + row["busy"]; while (Date.now() < end); return process.pid; }
      return (row["x"] ?? 0) * this.#factor + Number(process.env["SHIFT"] ?? 0);
    });
  }
}
`;

/** The same in Python, where the standard library is enough. */
const PYTHON = `
import os, time

HELD = []

def train(data_conf, model_conf):
    with open("models/factor.txt", "w") as file:
        file.write(os.environ.get("FACTOR", "1"))

class ModelScorer:
    def __init__(self):
        with open("models/factor.txt") as file:
            self.factor = int(file.read())
        if os.environ.get("BREAK") == str(self.factor):
            raise RuntimeError("broken on purpose")

    def predict(self, rows):
        return [self.answer(row) for row in rows]

    def answer(self, row):
        if "exit" in row:
            os._exit(row["exit"])
        if "pid" in row:
            return os.getpid()
        if "eat" in row:
            HELD.append(b"1" * row["eat"])
        if "busy" in row:
            end = time.monotonic() + row["busy"] / 1000
            while time.monotonic() < end:
                pass
            return os.getpid()
        return row.get("x", 0) * self.factor + int(os.environ.get("SHIFT", "0"))
`;

export const MODEL = "moving";
export type MovingLanguage = "typescript" | "python";

const CODE = {
  typescript: { file: "index.ts", text: TYPESCRIPT },
  python: { file: "__init__.py", text: PYTHON },
} as const satisfies Record<MovingLanguage, { readonly file: string; readonly text: string }>;

function projectFiles(language: MovingLanguage): Readonly<Record<string, string>> {
  const folder = `model_definitions/${MODEL}`;
  const env = { pass: ["FACTOR", "SHIFT", "BREAK"] };
  const { file, text } = CODE[language];
  const model = { id: MODEL, name: MODEL, language, predict: "rows", input: "records", env };
  return {
    "modelwright.json": JSON.stringify({ python: "python3", install: false }),
    [`${folder}/model.json`]: JSON.stringify(model),
    [`${folder}/config.json`]: "{}",
    [`${folder}/samples/rows.json`]: '[{"x": 1}, {"x": 5}]',
    [`${folder}/model_modules/${file}`]: text,
  };
}

/** The commands that make the version of a factor, which the variable FACTOR must hold. */
export function publishing(factor: number): readonly (readonly string[])[] {
  return [
    ["train", MODEL],
    ["publish", MODEL, "--version-label", `v${factor}`],
  ];
}

/** A project whose model is published once for each factor, as version `v<factor>`; `champion` points to `v1`. */
export function shareMovingModels(factors: readonly number[], language: MovingLanguage = "typescript") {
  let root = "";
  beforeAll(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "modelwright-test-moving-")));
    await writeFiles(join(root, "project"), projectFiles(language));
    for (const factor of factors) {
      const home = { HOME: root, MODELWRIGHT_HOME: join(root, "state") };
      const env = { PATH: process.env["PATH"], FACTOR: String(factor), ...home };
      for (const args of publishing(factor))
        await promisify(execFile)(process.execPath, [CLI, ...args], { cwd: join(root, "project"), env });
    }
    await testStore(localObjectStore(join(root, "state", "store"))).setAlias(MODEL, "champion", "v1");
  });
  afterAll(() => rm(root, { recursive: true, force: true }));
  return {
    /** A stage of a test's own with these versions, and its store. */
    stage: async (): Promise<{ readonly stage: Stage; readonly store: ModelStore }> => {
      const stage = await makeStage(join(root, "project"), join(root, "state"));
      return { stage, store: testStore(localObjectStore(join(stage.state, "store"))) };
    },
    project: () => join(root, "project"),
  };
}

/** A server of the model, and how it is asked. */
export interface MovingServer {
  readonly cli: StartedCli;
  readonly url: string;
  readonly ask: (row: object) => Promise<HttpReply>;
  /** `GET /v1/moving`. */
  readonly describe: () => Promise<Readonly<Record<string, unknown>>>;
  /** Events of its log with this name. */
  readonly events: (name: string) => readonly Readonly<Record<string, unknown>>[];
}

export async function serveMoving(
  stage: Stage,
  args: readonly string[] = [],
  variables: Readonly<Record<string, string>> = {},
): Promise<MovingServer> {
  const usual = ["--port", "0", "--log-predictions", "0", "--follow-interval", "0.1"];
  const cli = await stage.start(["serve", `${MODEL}@champion`, ...usual, ...args], { variables });
  const [, url = ""] = await cli.printed(/Serving on (\S+)/);
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  return {
    ...{ cli, url },
    ask: (row) => postJson(`${url}/v1/${MODEL}/predict`, [row], { agent }),
    describe: async () => (await call(`${url}/v1/${MODEL}`)).json as Readonly<Record<string, unknown>>,
    events: (name) =>
      cli
        .stderr()
        .split("\n")
        .filter((line) => line.includes(`"event":"${name}"`))
        .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>),
  };
}
