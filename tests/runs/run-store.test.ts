import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { systemClock, type Clock } from "../../src/kernel/clock.ts";
import { silentLog } from "../../src/kernel/log.ts";
import type { RunRecord } from "../../src/model/run/run-record.ts";
import { HEARTBEAT_MS } from "../../src/runs/active-run.ts";
import { isProcessAlive, processIdentity } from "../../src/runs/process-identity.ts";
import { runStore, type RunStart, type RunStore, type RunStoreDependencies } from "../../src/runs/run-store.ts";

let root: string;
let nowMs: number;
let clock: Clock;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "mw-runs-"));
  nowMs = Date.parse("2026-11-21T10:15:00.500Z");
  clock = { now: () => new Date(nowMs), monotonicMs: () => nowMs };
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(root, { recursive: true, force: true });
});

function store(deps: Partial<RunStoreDependencies> = {}): RunStore {
  return runStore(join(root, "runs"), { clock, log: silentLog, host: "here", pid: process.pid, ...deps });
}

function start(fields: Partial<RunStart> = {}): RunStart {
  return {
    kind: "train",
    model: "churn",
    definition: { id: "d-1", name: "Churn", language: "python", folder: "/models/churn", digest: "00" },
    parameters: { depth: 3 },
    dataConfiguration: {},
    config: { hyperParameters: { depth: 3 } },
    ...fields,
  };
}

const SAMPLE = join(import.meta.dirname, "../fixtures/runs/run-v1.json");

async function placeRun(id: string, text: string): Promise<void> {
  await mkdir(join(root, "runs", id), { recursive: true });
  await writeFile(join(root, "runs", id, "run.json"), text);
}

async function placeSample(id: string, fields: Partial<RunRecord>): Promise<void> {
  const sample = JSON.parse(await readFile(SAMPLE, "utf8")) as RunRecord;
  await placeRun(id, JSON.stringify({ ...sample, ...fields, id }));
}

test("a run has its folders and a record from the start, and its end in the same record", async () => {
  const runs = store();
  const run = await runs.create(start());
  expect(run.id).toMatch(/^20261121-101500-1f4[0-9a-f]{3}$/);
  expect(run.folders).toEqual(runs.foldersOf(run.id));
  expect((await readdir(run.folders.run, { recursive: true })).sort()).toEqual(
    [
      "job",
      "run.json",
      "work",
      "work/artifacts",
      "work/artifacts/input",
      "work/artifacts/output",
      "work/config.json",
      "work/models",
    ].sort(),
  );
  expect(JSON.parse(await readFile(join(run.folders.work, "config.json"), "utf8"))).toEqual({
    hyperParameters: { depth: 3 },
  });
  expect(await runs.read(run.id)).toMatchObject({ status: "running", parameters: { depth: 3 }, endedAt: null });
  await run.update({ peakMemoryBytes: 7 });
  nowMs += 1234;
  const ended = await run.finish({ status: "succeeded", metrics: { auc: "0.9" } });
  expect(ended).toMatchObject({
    status: "succeeded",
    durationMs: 1234,
    peakMemoryBytes: 7,
    endedAt: "2026-11-21T10:15:01.734Z",
  });
  expect(await runs.read(run.id)).toEqual(ended);
  expect(await readdir(run.folders.run)).toEqual(["job", "run.json", "work"]);
});

test("the first end of a run counts", async () => {
  const run = await store().create(start());
  await run.finish({ status: "interrupted" });
  expect(await run.finish({ status: "succeeded" })).toMatchObject({ status: "interrupted" });
});

test("the heartbeat goes on until the run is finished, and never overwrites the end", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const runs = store();
  const run = await runs.create(start());
  nowMs += 60_000;
  vi.advanceTimersByTime(HEARTBEAT_MS);
  const ended = await run.finish({ status: "failed" });
  vi.advanceTimersByTime(HEARTBEAT_MS);
  expect(await runs.read(run.id)).toEqual(ended);
  const other = await runs.create(start());
  nowMs += 5_000;
  vi.advanceTimersByTime(HEARTBEAT_MS);
  const at = new Date(nowMs).toISOString();
  await vi.waitFor(async () => expect((await runs.read(other.id)).heartbeatAt).toBe(at), { timeout: 20_000 });
  await other.finish({ status: "failed" });
});

test("a run whose process was killed reads lost", async () => {
  const child = spawn("sleep", ["1000"]);
  const runs = store({ pid: child.pid ?? 0 });
  const run = await runs.create(start());
  expect(await runs.read(run.id)).toMatchObject({ status: "running" });
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(await runs.read(run.id)).toMatchObject({ status: "lost" });
  expect(await runs.list({ status: "running" })).toEqual([]);
  expect(await runs.list({ status: "lost" })).toHaveLength(1);
  await run.finish({ status: "failed" });
});

test("a process that got the number of a dead one is another process", () => {
  const { pid, startedAt } = processIdentity(process.pid);
  expect(startedAt).not.toBe("");
  expect(isProcessAlive({ pid, startedAt })).toBe(true);
  expect(isProcessAlive({ pid, startedAt: `${startedAt}1` })).toBe(false);
});

test("a run of another machine is lost when its heartbeat is old", async () => {
  const other = {
    status: "running",
    endedAt: null,
    process: { pid: process.pid, host: "there", startedAt: "1" },
  } as const;
  const heartbeatAt = (ageMs: number): string => new Date(nowMs - ageMs).toISOString();
  await placeSample("20261121-101500-000001", { ...other, heartbeatAt: heartbeatAt(10_000) });
  await placeSample("20261121-101500-000002", { ...other, heartbeatAt: heartbeatAt(120_000) });
  expect((await store().list()).map(({ id, status }) => [id.at(-1), status])).toEqual([
    ["2", "lost"],
    ["1", "running"],
  ]);
});

test("runs are listed newest first, to the millisecond, and filtered", async () => {
  const runs = store();
  const ids: string[] = [];
  for (const [model, status] of [
    ["a", "succeeded"],
    ["b", "failed"],
    ["a", "failed"],
    ["b", "succeeded"],
  ] as const) {
    const definition = { ...start().definition, id: `of-${model}` };
    const run = await runs.create(start({ model, definition, kind: model === "a" ? "train" : "evaluate" }));
    await run.finish({ status });
    ids.unshift(run.id);
    nowMs += 1;
  }
  const idsOf = (records: readonly RunRecord[]): string[] => records.map(({ id }) => id);
  expect(idsOf(await runs.list())).toEqual(ids);
  expect(idsOf(await runs.list({ model: "a" }))).toEqual([ids[1], ids[3]]);
  expect(idsOf(await runs.list({ definitionId: "of-b", status: "failed" }))).toEqual([ids[2]]);
  expect(idsOf(await runs.list({ kind: "evaluate" }))).toEqual([ids[0], ids[2]]);
  expect((await runs.latestSucceeded({ model: "a" }))?.id).toBe(ids[3]);
  expect(await runs.latestSucceeded({ model: "c" })).toBeNull();
});

test("a run is found by the beginning of its id, if only one has it", async () => {
  await placeSample("20261121-101500-000001", {});
  await placeSample("20261122-101500-000001", {});
  const runs = store();
  expect(await runs.read("20261122")).toMatchObject({ id: "20261122-101500-000001" });
  await expect(runs.read("2026112")).rejects.toMatchObject({ code: "RUN_AMBIGUOUS" });
  for (const id of ["2025", "", "../runs", "20261121-101500-0000011"])
    await expect(runs.read(id)).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
});

test("a record that cannot be read is reported and hides no other", async () => {
  await placeSample("20261121-101500-000001", {});
  await placeRun("20261121-101500-000002", '{"schemaVersion":1,');
  await placeRun("20261121-101500-000003", '{"schemaVersion":2}');
  await mkdir(join(root, "runs", "20261121-101500-000004"));
  await writeFile(join(root, "runs", "notes.txt"), "");
  const logged: string[] = [];
  const runs = store({ log: (_level, event) => logged.push(event) });
  expect((await runs.list()).map(({ id }) => id)).toEqual(["20261121-101500-000001"]);
  expect(logged).toEqual(["run.unreadable", "run.unreadable"]);
  expect((await runs.listUnreadable()).map(({ id }) => id)).toEqual([
    "20261121-101500-000003",
    "20261121-101500-000002",
  ]);
  expect(await runs.latestSucceeded({})).toBeNull();
  await expect(runs.read("20261121-101500-000002")).rejects.toMatchObject({ code: "JSON_MALFORMED" });
  await expect(runs.read("20261121-101500-000003")).rejects.toMatchObject({ code: "SCHEMA_MISMATCH" });
});

test("the stored sample of format 1 is read as it is", async () => {
  const sample = JSON.parse(await readFile(SAMPLE, "utf8")) as RunRecord;
  await placeSample(sample.id, {});
  expect(await store().read(sample.id)).toEqual(sample);
});

test("the stored sample of format 1 with code, rows and queries is read as it is", async () => {
  const text = await readFile(join(import.meta.dirname, "../fixtures/runs/run-v1-code.json"), "utf8");
  const sample = JSON.parse(text) as RunRecord;
  await placeRun(sample.id, text);
  expect(await store().read(sample.id)).toEqual(sample);
});

test("a state folder that cannot be made is named, and nothing is left", async () => {
  await writeFile(join(root, "file"), "");
  const runs = runStore(join(root, "file", "runs"), {
    clock: systemClock,
    log: silentLog,
    host: "here",
    pid: process.pid,
  });
  await expect(runs.create(start())).rejects.toThrow();
  expect(await readdir(root)).toEqual(["file"]);
});

test("no runs yet is an empty list", async () => {
  expect(await store().list()).toEqual([]);
  expect(await readdir(root)).toEqual([]);
});
