import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

import { startWorkerEngine, type WorkerEngineRequest } from "../../src/engines/worker-engine.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import type { JsonObject } from "../../src/kernel/json.ts";
import type { Engine } from "../../src/model/ports/engine.ts";
import type { ExactJson } from "../../src/model/ports/predictor.ts";
import { isAlive, pidFrom } from "../process/support/processes.ts";
import { testFolder } from "../process/support/test-folder.ts";
import { waitUntil } from "../process/support/wait-until.ts";
import { STAND_IN_WORKER } from "./support/stand-in-worker.ts";

const PATH = process.env["PATH"] ?? "";

interface Logged {
  readonly event: string;
  readonly fields: JsonObject;
}

interface Stage {
  readonly folder: string;
  readonly logged: Logged[];
  readonly request: WorkerEngineRequest;
}

/** A folder with a worker that starts as `start` says. */
async function stage(start = "well", options: Partial<WorkerEngineRequest> = {}): Promise<Stage> {
  const folder = await testFolder({ start, "worker.py": STAND_IN_WORKER });
  const logged: Logged[] = [];
  const request: WorkerEngineRequest = {
    // Writes its process id first of all, so that tests can look after it.
    commandFor: (file) => ["sh", "-c", `echo $$ > pid; exec python3 worker.py "$0"`, file],
    variables: { PATH },
    workerFolder: folder,
    logFile: join(folder, "worker.log"),
    spec: {
      ...{ protocol: 1, codeRoot: folder, workFolder: folder, modelConf: {}, parentPid: process.pid },
      identifiers: { modelId: "m", modelVersion: "v", modelTable: "t" },
      context: { jobId: "j", projectId: "p", datasetInfo: {} },
      ...{ predictForm: null, inputForm: null, columns: null, probeRows: [] },
    },
    startTimeoutMs: 20_000,
    memoryLimitBytes: null,
    log: (_level, event, fields = {}) => logged.push({ event, fields }),
    clock: systemClock,
    signal: new AbortController().signal,
    ...options,
  };
  return { folder, logged, request };
}

interface Running extends Stage {
  readonly engine: Engine;
}

async function startEngine(options: Partial<WorkerEngineRequest> = {}): Promise<Running> {
  const staged = await stage("well", options);
  const engine = await startWorkerEngine(staged.request);
  onTestFinished(() => engine.stop());
  return { ...staged, engine };
}

/** One prediction for each row. */
function ask(engine: Engine, ...rows: readonly ExactJson[]): Promise<readonly ExactJson[]> {
  return engine.predict(JSON.stringify(rows), rows.length, { timeoutMs: 20_000 });
}

async function processIdOf(engine: Engine): Promise<number> {
  const [id] = await ask(engine, { pid: 0 });
  return Number(id);
}

test("rows are answered in order, however many callers there are", async () => {
  const { engine } = await startEngine();
  expect(engine.forms).toEqual({ predictForm: "rows", inputForm: "list" });
  const answers = await Promise.all(Array.from({ length: 500 }, (_, index) => ask(engine, index, `row ${index}`)));
  expect(answers).toEqual(Array.from({ length: 500 }, (_, index) => [index, `row ${index}`]));
  const many = Array.from({ length: 200_000 }, (_, index) => index);
  expect(await ask(engine, ...many.slice(0, 100_000))).toHaveLength(100_000);
});

test("large integers survive both ways", async () => {
  const { engine } = await startEngine();
  const rows = "[12345678901234567890, -9007199254740993, 0.1234567890123456]";
  const answer = await engine.predict(rows, 3, { timeoutMs: 10_000 });
  expect(answer).toEqual([12345678901234567890n, -9007199254740993n, 0.1234567890123456]);
});

test("a wrong number of predictions is refused, and the worker goes on", async () => {
  const { engine } = await startEngine();
  const before = await processIdOf(engine);
  await expect(ask(engine, "one too few")).rejects.toMatchObject({ code: "PREDICTION_MISMATCH" });
  expect(await processIdOf(engine)).toBe(before);
});

test("a model's error fails its request only; the traceback is in the details, not in the message", async () => {
  const { engine } = await startEngine();
  const [failed, answered] = await Promise.allSettled([ask(engine, { raise: "bad row" }), ask(engine, 7)]);
  expect(failed).toMatchObject({
    reason: {
      code: "MODEL_FAILED",
      message: "The model failed: ValueError: bad row",
      details: { error: { type: "ValueError", frames: [{ file: "scoring.py", line: 3 }] } },
    },
  });
  expect(answered).toMatchObject({ value: [7] });
});

test("what the model prints goes into the log and never into a reply; its stdin is empty", async () => {
  const { engine, folder } = await startEngine();
  await ask(engine, { print: '\u0000\u0000\u0000\u0002{}{"type":"predictions"}\n' });
  expect(await ask(engine, 1, { stdin: 0 })).toEqual([1, ""]);
  expect(await readFile(join(folder, "worker.log"), "utf8")).toContain('{}{"type":"predictions"}');
});

test("a scorer that raises shows the user's frames, the message and where the log is", async () => {
  for (const start of ["fail", "fail stay"]) {
    const { folder, request } = await stage(start);
    const failure = await startWorkerEngine(request).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "SCORER_FAILED", details: { error: { message: "cannot load" } } });
    const message = ["ValueError: cannot load", "  raised at scoring.py:3 in predict", "      raise"].join("\n");
    expect(failure).toHaveProperty("message", expect.stringContaining(message));
    expect(failure).toHaveProperty("message", expect.stringContaining(join(folder, "worker.log")));
    expect(isAlive(await pidFrom(join(folder, "pid")))).toBe(false);
  }
});

test.each([
  ["die", "exited with code 5 before it was ready.\n  no such artifact: model.pkl"],
  ["babble", "is no frame (a frame of 1416782179 bytes was announced"],
  ["early", "answered before it was ready"],
])("a worker whose start is to %s says why", async (start, reason) => {
  const { folder, request } = await stage(start);
  const failure = await startWorkerEngine(request).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "SCORER_FAILED" });
  expect(failure).toHaveProperty("message", expect.stringContaining(reason));
  expect(isAlive(await pidFrom(join(folder, "pid")))).toBe(false);
});

test("a worker that needs more memory than it may have is told from one whose code ends it", async () => {
  const { request } = await stage("hang", { memoryLimitBytes: 1_000_000 });
  const failure = await startWorkerEngine(request).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "SCORER_FAILED", hint: expect.stringContaining("more memory") as string });
});

test("a worker that hangs at its start is ended when its time is up", async () => {
  const { folder, request } = await stage("hang", { startTimeoutMs: 300 });
  const failure = await startWorkerEngine(request).catch((error: unknown) => error);
  expect(failure).toHaveProperty("message", expect.stringContaining("took longer than 0.3 s to start"));
  expect(isAlive(await pidFrom(join(folder, "pid")))).toBe(false);
});

test("starting can be interrupted", async () => {
  const abort = new AbortController();
  const { folder, request } = await stage("hang", { signal: abort.signal });
  const starting = startWorkerEngine(request);
  const worker = await pidFrom(join(folder, "pid"));
  abort.abort();
  await expect(starting).rejects.toMatchObject({ code: "INTERRUPTED" });
  expect(isAlive(worker)).toBe(false);
  await expect(startWorkerEngine(request)).rejects.toMatchObject({ code: "INTERRUPTED" });
});

test("an interpreter that is missing is an environment fault", async () => {
  const { request } = await stage("well", { commandFor: () => ["no-such-interpreter"] });
  await expect(startWorkerEngine(request)).rejects.toMatchObject({ code: "INTERPRETER_NOT_FOUND" });
});

test("a crashed worker fails only the request it had started, the others are answered by the next one", async () => {
  const { engine, logged } = await startEngine();
  const first = await processIdOf(engine);
  const stuck = ask(engine, { sleep: 60 });
  const others = Array.from({ length: 200 }, (_, index) => ask(engine, index));
  process.kill(first, "SIGKILL");
  await expect(stuck).rejects.toMatchObject({ code: "WORKER_LOST", kind: "unavailable" });
  expect(engine.isReady()).toBe(false);
  expect(await Promise.all(others)).toEqual(Array.from({ length: 200 }, (_, index) => [index]));
  expect(await processIdOf(engine)).not.toBe(first);
  const lost = logged.find(({ event }) => event === "worker.lost");
  expect(lost?.fields).toMatchObject({
    reason: "was ended by signal SIGKILL",
    exitSignal: "SIGKILL",
    restartInMs: 100,
  });
});

test("rows that end the worker each time fail alone", async () => {
  const { engine } = await startEngine();
  const orders = Array.from({ length: 12 }, (_, index) => (index % 4 === 1 ? { exit: 3 } : index));
  const outcomes = await Promise.allSettled(orders.map((order) => ask(engine, order)));
  const failed = outcomes.map((outcome, index) => (outcome.status === "rejected" ? index : -1)).filter((i) => i >= 0);
  expect(failed).toEqual([1, 5, 9]);
});

test("an answer that was written before the worker's end still counts", async () => {
  const { engine } = await startEngine();
  expect(await ask(engine, { "answer-then-exit": 42 })).toEqual([42]);
});

test("a grandchild that holds descriptor 3 delays neither the rejection nor the restart, and is ended", async () => {
  const { engine } = await startEngine();
  const [grandchild] = await ask(engine, { hold: 0 });
  const startMs = performance.now();
  await expect(ask(engine, { exit: 1 })).rejects.toMatchObject({ code: "WORKER_LOST" });
  expect(performance.now() - startMs).toBeLessThan(50_000);
  expect(await ask(engine, 5)).toEqual([5]);
  expect(isAlive(Number(grandchild))).toBe(false);
});

test.each([
  ["text instead of frames", { write: "hello\n" }],
  ["a frame that is announced too large", { write: "\xff\xff\xff\xff" }],
  ["a frame that is no object", { frame: "[1]" }],
  ["a frame that is not JSON", { frame: "{nonsense}" }],
  ["a message of unknown type", { send: { type: "hello" } }],
  ["predictions that are no list", { send: { type: "predictions", id: 1, predictions: 3 } }],
  ["an answer to a request that was never sent", { send: { type: "predictions", id: 4711, predictions: [] } }],
  ["a failure after it was ready", { send: { type: "failed", error: { type: "E", message: "", frames: [] } } }],
  ["silence: it closes descriptor 3", { close: 0 }],
])("a worker that sends %s is replaced", async (_what, order) => {
  const { engine, logged } = await startEngine();
  const first = await processIdOf(engine);
  // The order may still be answered before the tool has acted on the rest.
  await ask(engine, order).catch((error: unknown) => expect(error).toMatchObject({ code: "WORKER_LOST" }));
  await waitUntil(() => logged.some(({ event }) => event === "worker.restarted"));
  expect(await ask(engine, 8)).toEqual([8]);
  expect(isAlive(first)).toBe(false);
  expect(logged[0]?.fields["reason"]).toMatch(/, and was killed$/);
});

test("a worker that is stuck past a deadline is replaced, and the requests behind it are answered", async () => {
  const { engine, logged } = await startEngine();
  const stuck = engine.predict('[{"sleep": 60}]', 1, { timeoutMs: 200 });
  const others = [1, 2, 3].map((row) => ask(engine, row));
  await expect(stuck).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
  expect(await Promise.all(others)).toEqual([[1], [2], [3]]);
  expect(logged[0]?.fields["reason"]).toBe("was stuck on a request whose time was up, and was killed");
});

test("a short deadline alone does not cost the worker its life, and late answers are dropped", async () => {
  const { engine, logged } = await startEngine();
  const first = await processIdOf(engine);
  const late = engine.predict('[{"sleep": 0.3}]', 1, { timeoutMs: 20 });
  const behind = engine.predict("[1]", 1, { timeoutMs: 20 });
  const waiting = engine.predict("[2]", 1, { timeoutMs: 20 });
  const outcomes = await Promise.allSettled([late, behind, waiting]);
  expect(outcomes.map((outcome) => outcome.status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(await processIdOf(engine)).toBe(first);
  expect(logged).toEqual([]);
});

test("a worker over its memory limit is replaced and the log says so", async () => {
  const { engine, logged } = await startEngine({ memoryLimitBytes: 200_000_000 });
  await ask(engine, { eat: 300_000_000 }).catch((error: unknown) =>
    expect(error).toMatchObject({ code: "WORKER_OUT_OF_MEMORY" }),
  );
  await waitUntil(() => logged.some(({ event }) => event === "worker.restarted"));
  expect(logged[0]?.fields).toMatchObject({
    isOutOfMemory: true,
    reason: expect.stringMatching(/^used \d+ MiB of memory, more than its limit of 191 MiB/) as string,
  });
  expect(await ask(engine, 1)).toEqual([1]);
});

test("while a worker cannot be restarted requests are refused at once, and it is tried again", async () => {
  const { engine, folder, logged } = await startEngine();
  await writeFile(join(folder, "start"), "die");
  const lost = ask(engine, { exit: 1 });
  const waiting = ask(engine, 1);
  await expect(lost).rejects.toMatchObject({ code: "WORKER_LOST" });
  await expect(waiting).rejects.toThrow(/cannot be started again at present/);
  await expect(ask(engine, 2)).rejects.toThrow(/cannot be started again at present/);
  expect(engine.isReady()).toBe(false);
  await waitUntil(() => logged.filter(({ event }) => event === "worker.restart.failed").length >= 2);
  const delays = logged.map(({ fields }) => fields["restartInMs"]);
  expect(delays.slice(0, 3)).toEqual([100, 200, 400]);
  await writeFile(join(folder, "start"), "well");
  await waitUntil(() => engine.isReady());
  expect(await ask(engine, 3)).toEqual([3]);
});

test("a replacement takes rows in the forms that the first worker found out", async () => {
  const { engine } = await startEngine();
  await ask(engine, { exit: 1 }).catch(() => undefined);
  expect(await ask(engine, { spec: 0 })).toMatchObject([{ predictForm: "rows", inputForm: "list" }]);
});

test("stopping rejects what waits and leaves no process, not even a child in a session of its own", async () => {
  const { engine } = await startEngine();
  const worker = await processIdOf(engine);
  const [child] = await ask(engine, { hold: 0 });
  const open = Promise.allSettled([ask(engine, { sleep: 60 }), ask(engine, 1), ask(engine, 2)]);
  await Promise.all([engine.stop(), engine.stop()]);
  for (const outcome of await open) expect(outcome).toMatchObject({ reason: { code: "WORKER_LOST" } });
  expect([worker, Number(child)].filter(isAlive)).toEqual([]);
  expect(engine.isReady()).toBe(false);
  await expect(ask(engine, 1)).rejects.toMatchObject({ code: "WORKER_LOST" });
});

test("stopping while a worker is being replaced leaves no process", async () => {
  const { engine, folder } = await startEngine();
  const first = await pidFrom(join(folder, "pid"));
  await writeFile(join(folder, "start"), "hang");
  await ask(engine, { exit: 1 }).catch(() => undefined);
  await waitUntil(async () => (await pidFrom(join(folder, "pid"))) !== first);
  const second = await pidFrom(join(folder, "pid"));
  await engine.stop();
  expect(isAlive(second)).toBe(false);
});

test("requests that are too large for a frame are refused and harm nobody", async () => {
  const { engine } = await startEngine({ maxFrameBytes: 1_000 });
  const calls = [ask(engine, "é".repeat(500)), ask(engine, 1), ask(engine, "x".repeat(990))];
  const outcomes = await Promise.allSettled(calls);
  expect(outcomes.map((outcome) => outcome.status)).toEqual(["rejected", "fulfilled", "rejected"]);
  expect(outcomes[0]).toMatchObject({ reason: { code: "BODY_TOO_LARGE" } });
});
