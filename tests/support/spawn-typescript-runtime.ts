import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Socket } from "node:net";
import { text as textOf } from "node:stream/consumers";
import { build } from "esbuild";

import type { JsonObject } from "../../src/kernel/json.ts";
import type { PreparedEnvironment } from "../../src/model/ports/environment.ts";
import type { JobResult, JobSpec, WorkerMessage, WorkerSpec } from "../../src/model/ports/job.ts";
import type { CodeSource, Runtime, StagedCode } from "../../src/model/ports/runtime.ts";
import { frameChannel, type FrameChannel } from "../../src/process/frame-channel.ts";
import { typescriptRuntime } from "../../src/runtimes/typescript-runtime.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Builds the foreign halves as `scripts/build.mjs` does, into `folder`/typescript. */
async function buildHalves(folder: string): Promise<void> {
  await writeText(join(folder, "package.json"), '{ "type": "module" }');
  await build({
    absWorkingDir: ROOT,
    entryPoints: ["job", "worker", "watch-thread"].map((name) => `runtimes/typescript/${name}.ts`),
    outdir: join(folder, "typescript"),
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: true,
  });
}

/** A temporary folder with the built runtime; every model of the test gets a project in it. */
export class TypescriptTestbed {
  readonly folder: string;
  readonly runtime: Runtime;
  readonly #started: ChildProcess[] = [];
  #count = 0;

  private constructor(folder: string) {
    this.folder = folder;
    this.runtime = typescriptRuntime(join(folder, "halves"));
  }

  static async create(): Promise<TypescriptTestbed> {
    const folder = await mkdtemp(join(tmpdir(), "mw-typescript-"));
    await buildHalves(join(folder, "halves"));
    return new TypescriptTestbed(folder);
  }

  async remove(): Promise<void> {
    for (const child of this.#started) child.kill("SIGKILL");
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Writes a project: path → text. The definition is the folder `model`; its code files are what lies there. */
  async project(files: Readonly<Record<string, string>>): Promise<CodeSource> {
    const projectRoot = join(this.folder, `project-${++this.#count}`);
    for (const [path, text] of Object.entries(files)) await writeText(join(projectRoot, path), text);
    const codeRoot = join(projectRoot, "model");
    const codeFiles = Object.keys(files)
      .filter((path) => path.startsWith("model/") && !path.includes("node_modules"))
      .map((path) => path.slice("model/".length));
    return { codeRoot, projectRoot, definitionFolder: codeRoot, codeFiles };
  }

  stage(code: CodeSource, cacheFolder = join(this.folder, "cache")): Promise<StagedCode> {
    return this.runtime.stage({ code, cacheFolder, onProgress: () => undefined, signal: new AbortController().signal });
  }

  /** Bundles `index` as `model_modules/index.ts`. */
  async stageIndex(index: string): Promise<StagedCode> {
    return this.stage(await this.project({ "model/model_modules/index.ts": index, "model/config.json": "{}" }));
  }

  async runJob(codeRoot: string, fields: Partial<JobSpec> = {}): Promise<JobRun> {
    const job = await this.startJob(codeRoot, fields);
    return job.ended;
  }

  async startJob(codeRoot: string, fields: Partial<JobSpec> = {}): Promise<StartedJob> {
    const { file, spec } = await this.#writeJob(codeRoot, fields);
    const child = this.#spawn(this.runtime.jobCommand(environment(), file), spec.workFolder, false);
    return { child, workFolder: spec.workFolder, ended: endOfJob(child, spec) };
  }

  /** Starts a job from a process that stands for the tool, and can be killed. The job's output is the tool's. */
  async startJobUnderTool(codeRoot: string): Promise<ChildProcess> {
    const { file, spec } = await this.#writeJob(codeRoot, { parentPid: 0 });
    const tool = `
      const { readFileSync, writeFileSync } = require("node:fs");
      const [file, program, ...parameters] = process.argv.slice(1);
      writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file)), parentPid: process.pid }));
      require("node:child_process").spawn(program, parameters, { detached: true, stdio: "inherit" });`;
    const command = this.runtime.jobCommand(environment(), file);
    return this.#spawn([process.execPath, "-e", tool, file, ...command], spec.workFolder, false);
  }

  async #writeJob(codeRoot: string, fields: Partial<JobSpec>): Promise<{ file: string; spec: JobSpec }> {
    const shared = await this.#sharedSpec(codeRoot);
    const jobFolder = dirname(shared.workFolder);
    const spec: JobSpec = {
      ...shared,
      kind: "train",
      dataConf: {},
      resultFile: join(jobFolder, "result.json"),
      eventsFile: join(jobFolder, "events.jsonl"),
      seed: 42,
      ...fields,
    };
    const file = join(jobFolder, "job.json");
    await writeText(file, JSON.stringify(spec));
    return { file, spec };
  }

  async startWorker(codeRoot: string, fields: Partial<WorkerSpec> = {}): Promise<TestWorker> {
    const spec: WorkerSpec = {
      ...(await this.#sharedSpec(codeRoot)),
      predictForm: null,
      inputForm: null,
      columns: null,
      probeRows: [],
      ...fields,
    };
    const file = join(dirname(spec.workFolder), "worker.json");
    await writeText(file, JSON.stringify(spec));
    return new TestWorker(this.#spawn(this.runtime.workerCommand(environment(), file), spec.workFolder, true));
  }

  async #sharedSpec(
    codeRoot: string,
  ): Promise<Omit<WorkerSpec, "predictForm" | "inputForm" | "columns" | "probeRows">> {
    const workFolder = join(this.folder, `run-${++this.#count}`, "work");
    for (const path of ["models", "artifacts/input", "artifacts/output"])
      await mkdir(join(workFolder, path), { recursive: true });
    return {
      protocol: 1,
      codeRoot,
      workFolder,
      modelConf: { hyperParameters: { "n.trees": 3 } },
      identifiers: { modelId: "m-1", modelVersion: "v-1", modelTable: "t_1" },
      context: { jobId: "j-1", projectId: "p-1", datasetInfo: { feature_names: ["a_b"], sql: "select 1" } },
      parentPid: process.pid,
    };
  }

  #spawn(command: readonly string[], cwd: string, hasChannel: boolean): ChildProcess {
    const [program = "", ...parameters] = command;
    const child = spawn(program, parameters, {
      cwd,
      detached: true,
      env: { PATH: process.env["PATH"] },
      stdio: ["ignore", "pipe", "pipe", ...(hasChannel ? (["pipe"] as const) : [])],
    });
    this.#started.push(child);
    return child;
  }
}

export interface JobRun {
  readonly exitCode: number | null;
  readonly result: JobResult | null;
  readonly events: readonly JsonObject[];
  readonly stdout: string;
  readonly stderr: string;
  readonly workFolder: string;
}

export interface StartedJob {
  readonly child: ChildProcess;
  readonly workFolder: string;
  readonly ended: Promise<JobRun>;
}

async function endOfJob(child: ChildProcess, spec: JobSpec): Promise<JobRun> {
  const [stdout, stderr] = await Promise.all([streamText(child.stdout), streamText(child.stderr), once(child, "exit")]);
  const result = await readFile(spec.resultFile, "utf8").catch(() => null);
  const events = await readFile(spec.eventsFile, "utf8").catch(() => "");
  return {
    exitCode: child.exitCode,
    result: result === null ? null : (JSON.parse(result) as JobResult),
    events: events
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as JsonObject),
    stdout,
    stderr,
    workFolder: spec.workFolder,
  };
}

/** The tool's end of a worker channel, with the raw text of every frame. */
export class TestWorker {
  readonly child: ChildProcess;
  readonly channel: FrameChannel;
  /** The worker's end of the channel is closed, in every process that had it. */
  readonly channelEnd: Promise<unknown>;
  readonly stdout: Promise<string>;
  readonly stderr: Promise<string>;
  readonly exit: Promise<unknown>;
  readonly #received: string[] = [];
  readonly #takers: ((text: string | Promise<string>) => void)[] = [];
  #nextId = 1;

  constructor(child: ChildProcess) {
    this.child = child;
    this.stdout = streamText(child.stdout);
    this.stderr = streamText(child.stderr);
    this.exit = once(child, "exit");
    // A test that waits for a frame of a dead worker fails at once, with what the worker said last.
    void this.exit.then(async () => {
      const error = new Error(`The worker ended: ${await this.stderr}`);
      for (const taker of this.#takers.splice(0)) taker(Promise.reject(error));
    });
    const socket = child.stdio[3] as Socket;
    this.channelEnd = once(socket, "close");
    this.channel = frameChannel(socket, {
      onFrame: (bytes) => this.#take(bytes.toString("utf8")),
      onEnd: () => undefined,
    });
  }

  /** The next frame, as text. */
  async frameText(): Promise<string> {
    return this.#received.shift() ?? new Promise((resolve) => this.#takers.push(resolve));
  }

  async frame(): Promise<WorkerMessage> {
    return JSON.parse(await this.frameText()) as WorkerMessage;
  }

  /** Sends rows as JSON text and returns the text of the answer. */
  async ask(rowsJson: string): Promise<string> {
    this.send(rowsJson);
    return this.frameText();
  }

  async predictions(rows: readonly unknown[]): Promise<unknown> {
    const message = JSON.parse(await this.ask(JSON.stringify(rows))) as WorkerMessage;
    return message.type === "predictions" ? message.predictions : message;
  }

  send(rowsJson: string): number {
    const id = this.#nextId++;
    this.channel.send(`{"id":${id},"rows":${rowsJson}}`);
    return id;
  }

  #take(text: string): void {
    const taker = this.#takers.shift();
    if (taker === undefined) this.#received.push(text);
    else taker(text);
  }
}

function streamText(stream: NodeJS.ReadableStream | null): Promise<string> {
  return stream === null ? Promise.resolve("") : textOf(stream);
}

async function writeText(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

function environment(): PreparedEnvironment {
  return {
    language: "typescript",
    interpreter: process.execPath,
    interpreterVersion: `Node ${process.versions.node}`,
    digest: "test",
    origin: "given",
    lock: null,
    packages: [],
    unmet: [],
    preparedInMs: 0,
  };
}
