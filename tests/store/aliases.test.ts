import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";

import type { ObjectStore } from "../../src/model/ports/object-store.ts";
import { parseModelReference } from "../../src/model/version/model-reference.ts";
import { localObjectStore } from "../../src/storage/local-object-store.ts";
import { memoryObjectStore } from "../../src/storage/memory-object-store.ts";
import type { ModelStore } from "../../src/store/model-store.ts";
import { faultyStore } from "./support/faulty-store.ts";
import { allKeys, samplePublication, testClock, testStore } from "./support/sample-publication.ts";

let objects: ObjectStore;
let store: ModelStore;

beforeEach(async () => {
  objects = memoryObjectStore();
  store = testStore(objects);
  for (const label of ["v1", "v2", "v3"]) await store.publish(samplePublication({ label, content: label }));
});

const resolve = async (reference: string) => (await store.resolve(parseModelReference(reference))).version;

test("an alias points to a version, moves, and keeps its history", async () => {
  expect(await store.setAlias("churn", "champion", "v1")).toMatchObject({
    version: "v1",
    previous: null,
    changed: true,
  });
  expect(await resolve("churn@champion")).toBe("v1");
  expect(await store.setAlias("churn", "champion", "v2")).toMatchObject({
    version: "v2",
    previous: "v1",
    changed: true,
  });
  expect(await resolve("churn@champion")).toBe("v2");
  await store.setAlias("churn", "champion", "v1");
  const history = await store.aliasHistory("churn", "champion");
  expect(history.map(({ version, number }) => [version, number])).toEqual([
    ["v1", 3],
    ["v2", 2],
    ["v1", 1],
  ]);
  expect(history[0]).toMatchObject({ alias: "champion", publisher: "tester", createdAt: "2026-11-20T10:15:00.000Z" });
});

test("an alias that points there already is a success and no new entry", async () => {
  await store.setAlias("churn", "champion", "v1");
  const before = await allKeys(objects);
  expect(await store.setAlias("churn", "champion", "v1")).toMatchObject({ changed: false, previous: "v1" });
  expect(await allKeys(objects)).toEqual(before);
});

test("aliases are listed by name, each with its version, without those that were removed", async () => {
  await store.setAlias("churn", "shadow", "v2");
  await store.setAlias("churn", "champion", "v1");
  await store.setAlias("churn", "gone", "v3");
  expect(await store.removeAlias("churn", "gone")).toMatchObject({ version: null, previous: "v3", changed: true });
  expect((await store.aliases("churn")).aliases.map(({ alias, version }) => [alias, version])).toEqual([
    ["champion", "v1"],
    ["shadow", "v2"],
  ]);
  await expect(resolve("churn@gone")).rejects.toMatchObject({ code: "VERSION_NOT_FOUND" });
  await expect(store.removeAlias("churn", "gone")).rejects.toMatchObject({ code: "VERSION_NOT_FOUND" });
  await store.setAlias("churn", "gone", "v2");
  expect((await store.aliasHistory("churn", "gone")).map(({ version }) => version)).toEqual(["v2", null, "v3"]);
});

test("an alias points to versions only", async () => {
  await store.setAlias("churn", "champion", "v1");
  await expect(store.setAlias("churn", "best", "v9")).rejects.toMatchObject({ code: "VERSION_NOT_FOUND" });
  await expect(store.setAlias("churn", "best", "champion")).rejects.toMatchObject({
    code: "VERSION_NOT_FOUND",
    hint: expect.stringContaining("v1") as string,
  });
  await expect(store.setAlias("nobody", "best", "v1")).rejects.toMatchObject({ code: "MODEL_NOT_FOUND" });
  const meant = {
    code: "MODEL_NOT_FOUND",
    hint: expect.stringMatching(/^Did you mean churn\? It has churn\./) as string,
  };
  await expect(store.removeAlias("chrun", "best")).rejects.toMatchObject(meant);
  await expect(store.rollbackAlias("chrun", "best", null)).rejects.toMatchObject(meant);
  await expect(store.setAlias("churn", "../best", "v1")).rejects.toMatchObject({ code: "NAME_INVALID" });
});

test("an alias and a version never have the same name", async () => {
  await expect(store.setAlias("churn", "v2", "v1")).rejects.toMatchObject({ code: "VERSION_EXISTS" });
  await store.setAlias("churn", "champion", "v1");
  const before = await allKeys(objects);
  await expect(store.publish(samplePublication({ label: "champion" }))).rejects.toMatchObject({ code: "ALIAS_EXISTS" });
  expect(await allKeys(objects)).toEqual(before);
  await store.removeAlias("churn", "champion");
  await store.publish(samplePublication({ label: "champion" }));
  expect(await resolve("churn@champion")).toBe("champion");
});

test("an alias cannot take the name of a version that is being published", async () => {
  const midway = faultyStore(objects, async ({ method, key }, moment) => {
    if (method !== "create" || !key.endsWith("commits/v4.json") || moment !== "before") return;
    await expect(store.setAlias("churn", "v4", "v1")).rejects.toMatchObject({ code: "VERSION_EXISTS" });
  });
  await testStore(midway).publish(samplePublication({ label: "v4", content: "v4" }));
});

test("a file that is no entry does not hide an alias", async () => {
  await store.setAlias("churn", "champion", "v1");
  for (const name of [".DS_Store", "0-notes.txt", "zzz"])
    await objects.create(`models/churn/aliases/champion/${name}`, Buffer.from(""));
  expect(await resolve("churn@champion")).toBe("v1");
  expect(await store.aliasHistory("churn", "champion")).toHaveLength(1);
});

test.each(["memory", "local"])("moves at once all happen, one after the other (%s)", async (kind) => {
  const folder = await mkdtemp(join(tmpdir(), "mw-alias-"));
  try {
    const shared = kind === "memory" ? memoryObjectStore() : localObjectStore(folder);
    const movers = Array.from({ length: 6 }, (_, index) => testStore(shared, testClock(), `mover-${String(index)}`));
    const [first = store] = movers;
    for (const label of ["v0", "v1", "v2", "v3", "v4", "v5"])
      await first.publish(samplePublication({ label, content: label }));
    const moves = await Promise.all(
      movers.map(async (mover, index) => {
        let changed = 0;
        for (let round = 0; round < 5; round++) {
          const { changed: isChanged } = await mover.setAlias("churn", "champion", `v${String((index + round) % 6)}`);
          if (isChanged) changed++;
        }
        return changed;
      }),
    );
    const history = await first.aliasHistory("churn", "champion");
    const total = moves.reduce((sum, count) => sum + count, 0);
    expect(history.map(({ number }) => number)).toEqual(Array.from({ length: total }, (_, index) => total - index));
    const repeated = history.filter(({ version }, index) => version === history[index + 1]?.version);
    expect(repeated).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
