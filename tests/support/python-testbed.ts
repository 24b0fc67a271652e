import { open, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { onTestFinished } from "vitest";

import type { JsonObject, JsonValue } from "../../src/kernel/json.ts";
import type { PreparedEnvironment } from "../../src/model/ports/environment.ts";
import type { JobResult, JobSpec, WorkerMessage, WorkerSpec } from "../../src/model/ports/job.ts";
import { frameChannel, type FrameChannel } from "../../src/process/frame-channel.ts";
import { spawnGroup, type GroupExit, type ProcessGroup } from "../../src/process/spawn-group.ts";
import { pythonRuntime } from "../../src/runtimes/python-runtime.ts";
import { testFolder } from "../process/support/test-folder.ts";

export const runtime = pythonRuntime(resolve(import.meta.dirname, "../../runtimes"));

export type Files = Readonly<Record<string, string>>;

export interface Placement {
  /** Below the code root: path → text. */
  readonly files: Files;
  /** `python3` of the PATH unless given. */
  readonly interpreter?: string | undefined;
  readonly variables?: Readonly<Record<string, string>> | undefined;
}

export interface StartedJob {
  readonly group: ProcessGroup;
  readonly spec: JobSpec;
  readonly ended: Promise<JobRun>;
}

export interface JobRun {
  readonly exit: GroupExit;
  readonly result: JobResult | null;
  readonly events: readonly JsonObject[];
  readonly stdout: string;
  readonly stderr: string;
  readonly spec: JobSpec;
}

/** Runs a job to its end, as the tool would. */
export async function runPythonJob(placement: Placement, fields: Partial<JobSpec> = {}): Promise<JobRun> {
  const job = await startPythonJob(placement, fields);
  return job.ended;
}

export async function startPythonJob(placement: Placement, fields: Partial<JobSpec> = {}): Promise<StartedJob> {
  const { spec, file } = await writeJob(placement, fields);
  const command = runtime.jobCommand(environmentOf(placement), file);
  const group = await startProcess(placement, command, dirname(file), spec.workFolder);
  return { group, spec, ended: endOfJob(group, dirname(file), spec) };
}

/** Writes `job.json` and all that the tool makes beforehand. */
export async function writeJob(
  placement: Placement,
  fields: Partial<JobSpec> = {},
): Promise<{ readonly spec: JobSpec; readonly file: string; readonly jobFolder: string }> {
  const { shared, jobFolder } = await prepare(placement);
  const spec: JobSpec = {
    ...shared,
    kind: "train",
    dataConf: { table: "t" },
    resultFile: join(jobFolder, "result.json"),
    eventsFile: join(jobFolder, "events.jsonl"),
    seed: 42,
    ...fields,
  };
  const file = join(jobFolder, "job.json");
  await writeFile(file, JSON.stringify(spec));
  return { spec, file, jobFolder };
}

/** Starts a worker, as the tool would. */
export async function startPythonWorker(
  placement: Placement,
  fields: Partial<WorkerSpec> & { readonly artifacts?: Readonly<Record<string, Uint8Array>> } = {},
): Promise<TestWorker> {
  const { artifacts = {}, ...specFields } = fields;
  const { shared, jobFolder } = await prepare(placement);
  const unknown = { predictForm: null, inputForm: null, columns: null, probeRows: [] };
  const spec: WorkerSpec = { ...shared, ...unknown, ...specFields };
  for (const [name, bytes] of Object.entries(artifacts)) await writeFile(join(spec.workFolder, "models", name), bytes);
  const file = join(jobFolder, "worker.json");
  await writeFile(file, JSON.stringify(spec));
  const command = runtime.workerCommand(environmentOf(placement), file);
  return new TestWorker(await startProcess(placement, command, jobFolder, spec.workFolder), jobFolder);
}

/** The tool's end of a worker. Answers come in the order of the requests. */
export class TestWorker {
  readonly group: ProcessGroup;
  readonly channel: FrameChannel;
  readonly #folder: string;
  readonly #received: string[] = [];
  readonly #takers: ((text: string) => void)[] = [];
  #nextId = 1;

  constructor(group: ProcessGroup, folder: string) {
    this.group = group;
    this.#folder = folder;
    if (group.channel === null) throw new Error("The worker has no channel.");
    this.channel = frameChannel(group.channel, {
      onFrame: (bytes) => this.#take(bytes.toString("utf8")),
      onEnd: () => this.#take('{"type":"ended"}'),
    });
  }

  async frameText(): Promise<string> {
    return this.#received.shift() ?? new Promise((resolveText) => this.#takers.push(resolveText));
  }

  async frame(): Promise<WorkerMessage> {
    return JSON.parse(await this.frameText()) as WorkerMessage;
  }

  /** Sends rows as JSON text; the text of the answer. */
  async ask(rowsJson: string, names?: readonly string[]): Promise<string> {
    const namesJson = names === undefined ? "" : `"names":${JSON.stringify(names)},`;
    this.channel.send(`{"id":${this.#nextId++},${namesJson}"rows":${rowsJson}}`);
    return this.frameText();
  }

  /** The predictions, or the whole message when there are none. */
  async predictions(rows: readonly unknown[], names?: readonly string[]): Promise<unknown> {
    const message = JSON.parse(await this.ask(JSON.stringify(rows), names)) as WorkerMessage;
    return message.type === "predictions" ? message.predictions : message;
  }

  async stdout(): Promise<string> {
    return readFile(join(this.#folder, "stdout.log"), "utf8");
  }

  #take(text: string): void {
    const taker = this.#takers.shift();
    if (taker === undefined) this.#received.push(text);
    else taker(text);
  }
}

async function prepare(
  placement: Placement,
): Promise<{ shared: Omit<WorkerSpec, "predictForm" | "inputForm" | "columns" | "probeRows">; jobFolder: string }> {
  const folder = await testFolder();
  const codeRoot = join(folder, "code");
  const workFolder = join(folder, "work");
  const jobFolder = join(folder, "job");
  for (const path of [codeRoot, jobFolder]) await mkdir(path);
  for (const path of ["models", "artifacts/input", "artifacts/output"])
    await mkdir(join(workFolder, path), { recursive: true });
  for (const [path, text] of Object.entries(placement.files)) {
    await mkdir(dirname(join(codeRoot, path)), { recursive: true });
    await writeFile(join(codeRoot, path), text);
  }
  const shared = {
    protocol: 1,
    codeRoot,
    workFolder,
    modelConf: { hyperParameters: { "n.trees": 3 } },
    identifiers: { modelId: "m-1", modelVersion: "v-1", modelTable: "t_1" },
    context: { jobId: "j-1", projectId: "p-1", datasetInfo: {} },
    parentPid: process.pid,
  } as const;
  return { shared, jobFolder };
}

async function startProcess(
  placement: Placement,
  command: readonly string[],
  folder: string,
  cwd: string,
): Promise<ProcessGroup> {
  const [stdout, stderr] = await Promise.all([
    open(join(folder, "stdout.log"), "w"),
    open(join(folder, "stderr.log"), "w"),
  ]);
  try {
    const variables = { PATH: process.env["PATH"] ?? "", ...runtime.variables(folder), ...placement.variables };
    const group = await spawnGroup({ command, cwd, variables, stdout: stdout.fd, stderr: stderr.fd, hasChannel: true });
    onTestFinished(async () => {
      group.channel?.destroy();
      await group.end(0);
    });
    return group;
  } finally {
    await Promise.all([stdout.close(), stderr.close()]);
  }
}

async function endOfJob(group: ProcessGroup, jobFolder: string, spec: JobSpec): Promise<JobRun> {
  const exit = await group.exited;
  const [result, events, stdout, stderr] = await Promise.all(
    [spec.resultFile, spec.eventsFile, join(jobFolder, "stdout.log"), join(jobFolder, "stderr.log")].map((path) =>
      readFile(path, "utf8").catch(() => ""),
    ),
  );
  return {
    exit,
    result: result === "" ? null : (JSON.parse(result ?? "") as JobResult),
    events: (events ?? "")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as JsonObject),
    stdout: stdout ?? "",
    stderr: stderr ?? "",
    spec,
  };
}

export function environmentOf(placement: Placement): PreparedEnvironment {
  return {
    language: "python",
    interpreter: placement.interpreter ?? "python3",
    interpreterVersion: "CPython",
    digest: "test",
    origin: "given",
    lock: null,
    packages: [],
    unmet: [],
    preparedInMs: 0,
  };
}

/**
 * `model_modules/__init__.py` alone, whose `train` writes what it sees as JSON into `models/seen.json`.
 * @param before - Python that stands above the function.
 */
export function trainReporting(signature: string, expression: string, before = ""): Files {
  return {
    "model_modules/__init__.py": [
      "import json",
      before,
      `def train(${signature}):`,
      "    with open('models/seen.json', 'w') as file:",
      `        json.dump(${expression}, file)`,
    ].join("\n"),
  };
}

/** What a model wrote into `models/seen.json`. */
export async function seenBy(run: JobRun): Promise<JsonValue> {
  return JSON.parse(await readFile(join(run.spec.workFolder, "models/seen.json"), "utf8")) as JsonValue;
}
