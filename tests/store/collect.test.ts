import { beforeEach, expect, test } from "vitest";

import type { ObjectStore } from "../../src/model/ports/object-store.ts";
import { parseModelReference } from "../../src/model/version/model-reference.ts";
import { memoryObjectStore } from "../../src/storage/memory-object-store.ts";
import type { ModelStore } from "../../src/store/model-store.ts";
import { faultyStore, type Moment, type StoreCall } from "./support/faulty-store.ts";
import { allKeys, samplePublication, testClock, testStore, type TestClock } from "./support/sample-publication.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let objects: ObjectStore;
let clock: TestClock;
let store: ModelStore;

beforeEach(() => {
  objects = memoryObjectStore();
  clock = testClock();
  store = testStore(objects, clock);
});

/** Publishes v1 until a call for which `isDeadly` holds, and never comes back from it: what kill -9 leaves. */
async function publishUntil(isDeadly: (call: StoreCall, moment: Moment) => boolean): Promise<void> {
  await new Promise<void>((resolve) => {
    const dying = faultyStore(objects, async (call, moment) => {
      if (!isDeadly(call, moment)) return;
      resolve();
      await new Promise(() => undefined);
    });
    void testStore(dying, clock).publish(samplePublication({ label: "v1" }));
  });
}

const beforeCommit = ({ method, key }: StoreCall, moment: Moment) =>
  method === "create" && key.includes("/commits/") && moment === "before";

test("a publication that was killed is given up when it is old: no files, no version, no second use of the label", async () => {
  await publishUntil(beforeCommit);
  clock.advance(HOUR_MS);
  expect(await store.collect({ olderThanMs: DAY_MS, dryRun: false })).toMatchObject({ abandoned: [], deletedFiles: 0 });
  clock.advance(DAY_MS);
  expect(await store.collect({ olderThanMs: DAY_MS, dryRun: false })).toMatchObject({
    abandoned: [{ model: "churn", version: "v1", publisher: "tester" }],
    deletedFiles: 5,
  });
  expect(await objects.list("models/churn/versions/")).toEqual([]);
  expect(await objects.list("models/churn/commits/")).toEqual([{ key: "models/churn/commits/v1.json", sizeBytes: 0 }]);
  expect(await store.models()).toEqual([]);
  expect(await store.versions("churn")).toEqual([]);
  await expect(store.resolve(parseModelReference("churn@v1"))).rejects.toMatchObject({ code: "MODEL_NOT_FOUND" });
  await expect(store.publish(samplePublication({ label: "v1" }))).rejects.toMatchObject({ code: "VERSION_ABANDONED" });
  expect(await store.publish(samplePublication({ label: "v2" }))).toMatchObject({ created: true });
});

test("a dry run says what would be done and does nothing", async () => {
  await publishUntil(beforeCommit);
  clock.advance(2 * DAY_MS);
  const before = await allKeys(objects);
  expect(await store.collect({ olderThanMs: DAY_MS, dryRun: true })).toMatchObject({ abandoned: [{ version: "v1" }] });
  expect(await allKeys(objects)).toEqual(before);
});

test("a slow publisher that the collector overtook fails its commit and leaves no files", async () => {
  const slow = faultyStore(objects, async (call, moment) => {
    if (!beforeCommit(call, moment)) return;
    clock.advance(2 * DAY_MS);
    await store.collect({ olderThanMs: DAY_MS, dryRun: false });
  });
  await expect(testStore(slow, clock).publish(samplePublication({ label: "v1" }))).rejects.toMatchObject({
    code: "PUBLICATION_ABANDONED",
  });
  expect(await objects.list("models/churn/versions/")).toEqual([]);
  expect(await store.models()).toEqual([]);
});

test("what a slow publisher wrote after the collector had been there goes too", async () => {
  const slow = faultyStore(objects, async ({ method, key }, moment) => {
    if (method !== "create" || !key.endsWith("scoring.py") || moment !== "before") return;
    clock.advance(2 * DAY_MS);
    await store.collect({ olderThanMs: DAY_MS, dryRun: false });
  });
  await expect(testStore(slow, clock).publish(samplePublication({ label: "v1" }))).rejects.toMatchObject({
    code: "PUBLICATION_ABANDONED",
  });
  expect(await objects.list("models/churn/versions/")).toEqual([]);
});

test("a publisher that commits just before the collector's mark keeps its version whole", async () => {
  let resume = (): void => undefined;
  const paused = new Promise<void>((resolve) => (resume = resolve));
  let reached = (): void => undefined;
  const isReached = new Promise<void>((resolve) => (reached = resolve));
  const slow = faultyStore(objects, async (call, moment) => {
    if (!beforeCommit(call, moment)) return;
    reached();
    await paused;
  });
  const publishing = testStore(slow, clock).publish(samplePublication({ label: "v1" }));
  await isReached;
  clock.advance(2 * DAY_MS);
  const collector = faultyStore(objects, async ({ method, key }, moment) => {
    if (method !== "create" || !key.includes("/commits/") || moment !== "before") return;
    resume();
    await publishing;
  });
  const report = await testStore(collector, clock).collect({ olderThanMs: DAY_MS, dryRun: false });
  expect(report).toMatchObject({ abandoned: [], deletedFiles: 0 });
  expect(await publishing).toMatchObject({ created: true });
  await store.readManifest(await store.resolve(parseModelReference("churn@v1")));
});

test("a collector that was killed between mark and deletion is finished by the next one", async () => {
  await publishUntil(beforeCommit);
  clock.advance(2 * DAY_MS);
  const dying = faultyStore(objects, ({ method }) => {
    if (method === "delete") throw new Error("killed");
  });
  await expect(testStore(dying, clock).collect({ olderThanMs: DAY_MS, dryRun: false })).rejects.toThrow("killed");
  expect(await store.collect({ olderThanMs: DAY_MS, dryRun: false })).toMatchObject({ abandoned: [], deletedFiles: 5 });
  expect(await objects.list("models/churn/versions/")).toEqual([]);
});

test("two collectors at once do the work of one", async () => {
  await publishUntil(beforeCommit);
  clock.advance(2 * DAY_MS);
  const collectors = [store, testStore(objects, clock)];
  const reports = await Promise.all(collectors.map((one) => one.collect({ olderThanMs: DAY_MS, dryRun: false })));
  expect(reports.flatMap(({ abandoned }) => abandoned)).toHaveLength(1);
  expect(await objects.list("models/churn/versions/")).toEqual([]);
});

test("committed and legacy versions are never touched", async () => {
  await store.publish(samplePublication({ label: "v1" }));
  await objects.create("models/churn/versions/old/metadata.json", Buffer.from("{}"));
  const before = await allKeys(objects);
  clock.advance(100 * DAY_MS);
  expect(await store.collect({ olderThanMs: 0, dryRun: false })).toMatchObject({ abandoned: [], deletedFiles: 0 });
  expect(await allKeys(objects)).toEqual(before);
});

test("a claim whose age cannot be read is named and left alone", async () => {
  await objects.create("models/churn/claims/v1", Buffer.from("not a claim"));
  clock.advance(100 * DAY_MS);
  const report = await store.collect({ olderThanMs: DAY_MS, dryRun: false });
  expect(report).toMatchObject({ abandoned: [], unreadable: ["models/churn/claims/v1"] });
});

test("while a label is claimed its reader sees nothing, and a second publisher is told by whom", async () => {
  await publishUntil(beforeCommit);
  expect(await store.versions("churn")).toEqual([]);
  await expect(store.publish(samplePublication({ label: "v1" }))).rejects.toMatchObject({
    code: "VERSION_CLAIMED",
    message: expect.stringContaining("tester at 2026-11-20T10:15:00.000Z") as string,
  });
});
