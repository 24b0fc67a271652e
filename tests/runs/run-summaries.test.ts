import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { systemClock } from "../../src/kernel/clock.ts";
import { silentLog } from "../../src/kernel/log.ts";
import type { RunRecord } from "../../src/model/run/run-record.ts";
import { processIdentity } from "../../src/runs/process-identity.ts";
import { runStore } from "../../src/runs/run-store.ts";
import { testFolder } from "../process/support/test-folder.ts";

const SAMPLE = join(import.meta.dirname, "../fixtures/runs/run-v1.json");

async function testRuns() {
  const folder = join(await testFolder(), "runs");
  const sample = JSON.parse(await readFile(SAMPLE, "utf8")) as RunRecord;
  const store = () => runStore(folder, { clock: systemClock, log: silentLog, host: "here", pid: process.pid });
  return {
    index: join(folder, "summaries.jsonl"),
    place: async (number: number, fields: Partial<RunRecord> | string): Promise<string> => {
      const id = `20261121-101500-${number.toString(16).padStart(6, "0")}`;
      await mkdir(join(folder, id), { recursive: true });
      const text = typeof fields === "string" ? fields : JSON.stringify({ ...sample, ...fields, id });
      await writeFile(join(folder, id, "run.json"), text);
      return id;
    },
    read: (id: string) => store().read(id),
    removeRecord: (id: string) => rm(join(folder, id, "run.json")),
    remove: (id: string) => rm(join(folder, id), { recursive: true }),
    list: async () =>
      (await store().summaries()).runs.map(({ id, status }) => `${Number(`0x${id.slice(-6)}`)} ${status}`),
    unreadable: async () => (await store().summaries()).unreadable.map(({ id }) => id),
    summaries: () => store().summaries(),
  };
}

test("a list follows records that change, go and come, whether or not it has an index", async () => {
  const runs = await testRuns();
  const first = await runs.place(1, { status: "succeeded" });
  await runs.place(2, { status: "failed" });
  expect(await runs.list()).toEqual(["2 failed", "1 succeeded"]);
  expect(await runs.list()).toEqual(["2 failed", "1 succeeded"]);
  await runs.place(2, { status: "interrupted" });
  await runs.place(3, { status: "failed" });
  await runs.remove(first);
  expect(await runs.list()).toEqual(["3 failed", "2 interrupted"]);
  await writeFile(runs.index, 'no JSON\n{"format":0}\n{"format":1,"sta');
  expect(await runs.list()).toEqual(["3 failed", "2 interrupted"]);
  await rm(runs.index);
  expect(await runs.list()).toEqual(["3 failed", "2 interrupted"]);
});

test("a second list opens no record", async () => {
  const runs = await testRuns();
  await runs.place(1, { metrics: { auc: "0.5" } });
  expect(await runs.summaries()).toMatchObject({ runs: [{ metrics: { auc: "0.5" } }] });
  const index = await readFile(runs.index, "utf8");
  await writeFile(runs.index, index.replace('"0.5"', '"0.7"'));
  expect(await runs.summaries()).toMatchObject({ runs: [{ metrics: { auc: "0.7" } }] });
});

test("a damaged record is told, hides no other, and counts again when it is mended", async () => {
  const runs = await testRuns();
  await runs.place(1, {});
  const damaged = await runs.place(2, '{"schemaVersion":1,');
  expect(await runs.list()).toEqual(["1 failed"]);
  expect(await runs.unreadable()).toEqual([damaged]);
  await runs.place(2, {});
  expect(await runs.list()).toEqual(["2 failed", "1 failed"]);
  expect(await runs.unreadable()).toEqual([]);
});

test("whether a run is lost is found out at every list", async () => {
  const runs = await testRuns();
  const alive = { ...processIdentity(process.pid), host: "here" };
  await runs.place(1, { status: "running", process: alive });
  await runs.place(2, { status: "running", process: { ...alive, startedAt: `${alive.startedAt}1` } });
  await runs.place(3, { status: "running", process: { ...alive, host: "there" } });
  for (let time = 1; time <= 2; time++) expect(await runs.list()).toEqual(["3 lost", "2 lost", "1 running"]);
});

test("an index of runs that are gone is written anew", async () => {
  const runs = await testRuns();
  await runs.place(1, {});
  await runs.list();
  const [line = ""] = (await readFile(runs.index, "utf8")).split("\n");
  await writeFile(runs.index, `${line}\n`.repeat(3_000));
  await runs.list();
  expect(await readFile(runs.index, "utf8")).toBe(`${line}\n`);
});

test("latest is the newest run", async () => {
  const folder = join(await testFolder(), "runs");
  const store = runStore(folder, { clock: systemClock, log: silentLog, host: "here", pid: process.pid });
  await expect(store.read("latest")).rejects.toMatchObject({
    code: "RUN_NOT_FOUND",
    message: "There are no runs yet.",
  });
  const sample = JSON.parse(await readFile(SAMPLE, "utf8")) as RunRecord;
  for (const id of ["20261121-101500-000001", "20261121-101500-000002"]) {
    await mkdir(join(folder, id), { recursive: true });
    await writeFile(join(folder, id, "run.json"), JSON.stringify({ ...sample, id }));
  }
  expect((await store.read("latest")).id).toBe("20261121-101500-000002");
});

test("latest passes over a run that is just being created, and names a damaged record instead of an older run", async () => {
  const runs = await testRuns();
  const intact = await runs.place(1, {});
  const damaged = await runs.place(2, '{"schemaVersion":1,');
  const beginning = await runs.place(3, {});
  expect((await runs.read("latest")).id).toBe(beginning);
  await runs.removeRecord(beginning);
  await expect(runs.read("latest")).rejects.toMatchObject({
    code: "JSON_MALFORMED",
    message: expect.stringContaining(`The record of the newest run, ${damaged}, cannot be used`) as string,
    hint: expect.stringMatching(new RegExp(`^The run before it is ${intact}\\. Restore the file`)) as string,
  });
  await runs.removeRecord(damaged);
  expect((await runs.read("latest")).id).toBe(intact);
});
