import { expect, test } from "vitest";

import { parseModelReference } from "../../src/model/version/model-reference.ts";
import { memoryObjectStore } from "../../src/storage/memory-object-store.ts";
import { sealRecord } from "../../src/store/formats/sealed-record.ts";
import { listCommitted } from "../../src/store/reading/list-versions.ts";
import { silentLog } from "../../src/kernel/log.ts";
import { faultyStore, type StoreCall } from "./support/faulty-store.ts";
import { samplePublication, testClock, testStore } from "./support/sample-publication.ts";

const COUNT = 2345;

test("more versions than a page holds are all seen, with one request a page", async () => {
  const objects = memoryObjectStore();
  const { commit } = await testStore(objects).publish(samplePublication({ label: "v0" }));
  for (let index = 1; index < COUNT; index++) {
    const createdAt = new Date(Date.parse(commit.createdAt) + index).toISOString();
    await objects.create(`models/churn/commits/v${String(index)}.json`, sealRecord({ ...commit, createdAt }));
  }
  const calls: StoreCall[] = [];
  const counted = faultyStore(objects, (call, moment) => {
    if (moment === "before") calls.push(call);
  });
  const context = { objects: counted, clock: testClock(), log: silentLog, publisher: "", newNonce: () => "" };
  expect((await listCommitted(context, "churn")).size).toBe(COUNT);
  expect(calls.map(({ method }) => method)).toEqual(["list", "list", "list"]);

  const store = testStore(objects);
  const versions = await store.versions("churn");
  expect(versions.map(({ version }) => version)).toEqual(
    Array.from({ length: COUNT }, (_, index) => `v${String(COUNT - 1 - index)}`),
  );
  expect((await store.resolve(parseModelReference("churn"))).version).toBe(`v${String(COUNT - 1)}`);
});
