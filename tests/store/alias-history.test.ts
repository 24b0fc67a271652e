import { beforeEach, describe, expect, test } from "vitest";

import type { ObjectStore } from "../../src/model/ports/object-store.ts";
import { memoryObjectStore } from "../../src/storage/memory-object-store.ts";
import type { ModelStore } from "../../src/store/model-store.ts";
import { faultyStore, forgetfulStore } from "./support/faulty-store.ts";
import { allKeys, samplePublication, testClock, testStore } from "./support/sample-publication.ts";

let objects: ObjectStore;
let store: ModelStore;

const ENTRY_2 = "models/churn/aliases/champion/9999999997.json";

beforeEach(async () => {
  objects = memoryObjectStore();
  store = testStore(objects);
  for (const label of ["v1", "v2", "v3"]) {
    await store.publish(samplePublication({ label, content: label }));
    await store.setAlias("churn", "champion", label);
  }
});

const history = async () =>
  (await store.aliasHistory("churn", "champion")).map(({ version, state }) => [version, state]);
const current = async () => (await store.alias("churn", "champion"))?.version;

async function damage(key: string): Promise<void> {
  await objects.delete(key);
  await objects.create(key, Buffer.from("{}"));
}

test("the history names who moved an alias and when, the latest first", async () => {
  const clock = testClock("2026-12-01T08:00:00.000Z");
  await testStore(objects, clock, "ada@laptop:7").setAlias("churn", "champion", "v1");
  expect((await store.aliasHistory("churn", "champion"))[0]).toEqual({
    ...{ alias: "champion", number: 4, version: "v1", createdAt: "2026-12-01T08:00:00.000Z" },
    ...{ publisher: "ada@laptop:7", state: "present", fault: null },
  });
});

describe("what is gone or damaged is told as such and hides nothing else", () => {
  test.each([
    ["a version without its commit", () => objects.delete("models/churn/commits/v2.json"), ["v2", "missing"]],
    ["a version with a damaged commit", () => damage("models/churn/commits/v2.json"), ["v2", "damaged"]],
    [
      "a version without its manifest",
      () => objects.delete("models/churn/versions/v2/manifest.json"),
      ["v2", "damaged"],
    ],
    ["a damaged record of a move", () => damage(ENTRY_2), [null, "unreadable"]],
  ])("%s", async (_, harm, expected) => {
    await harm();
    expect(await history()).toEqual([["v3", "present"], expected, ["v1", "present"]]);
    const [, entry] = await store.aliasHistory("churn", "champion");
    expect(entry?.fault).toMatch(/v2|9999999997/);
  });

  test("a removal", async () => {
    await store.removeAlias("churn", "champion");
    expect((await history())[0]).toEqual([null, "removed"]);
  });
});

test("a store that cannot be reached is no history", async () => {
  const unreachable = faultyStore(objects, ({ method }) => {
    if (method === "read") throw new Error("gone");
  });
  await expect(testStore(unreachable).aliasHistory("churn", "champion")).rejects.toThrow("gone");
});

describe("rolling back", () => {
  test("is a new entry that points to the version before; twice comes back", async () => {
    const before = await allKeys(objects);
    expect(await store.rollbackAlias("churn", "champion", null)).toEqual({
      ...{ model: "churn", alias: "champion", version: "v2", previous: "v3", changed: true },
    });
    expect(await current()).toBe("v2");
    expect((await allKeys(objects)).filter((key) => !before.includes(key))).toEqual([
      "models/churn/aliases/champion/9999999995.json",
    ]);
    expect(await store.rollbackAlias("churn", "champion", null)).toMatchObject({ version: "v3", previous: "v2" });
  });

  test("goes to any version that the alias pointed to", async () => {
    expect(await store.rollbackAlias("churn", "champion", "v1")).toMatchObject({ version: "v1", previous: "v3" });
    expect(await store.rollbackAlias("churn", "champion", "v1")).toMatchObject({ version: "v1", changed: false });
    await store.publish(samplePublication({ label: "v4", content: "v4" }));
    await expect(store.rollbackAlias("churn", "champion", "v4")).rejects.toMatchObject({
      code: "VERSION_NOT_FOUND",
      message: expect.stringContaining("never pointed to v4") as string,
    });
    expect(await current()).toBe("v1");
  });

  test("brings a removed alias back", async () => {
    await store.removeAlias("churn", "champion");
    expect(await store.rollbackAlias("churn", "champion", null)).toMatchObject({ version: "v3", previous: null });
  });

  test("mends an alias whose latest record is damaged", async () => {
    await damage("models/churn/aliases/champion/9999999996.json");
    expect(await store.rollbackAlias("churn", "champion", null)).toMatchObject({ version: "v2", previous: null });
    expect(await current()).toBe("v2");
  });

  test("is refused where there is nothing before", async () => {
    await store.setAlias("churn", "shadow", "v1");
    for (const alias of ["shadow", "nobody"])
      await expect(store.rollbackAlias("churn", alias, null)).rejects.toMatchObject({ code: "VERSION_NOT_FOUND" });
    expect((await store.alias("churn", "shadow"))?.number).toBe(1);
  });

  test.each([
    ["gone", "VERSION_NOT_FOUND", () => objects.delete("models/churn/commits/v2.json")],
    ["damaged", "STORE_CORRUPT", () => damage("models/churn/versions/v2/manifest.json")],
  ])("to a version that is %s is refused, and names one that is whole", async (_, code, harm) => {
    await harm();
    await expect(store.rollbackAlias("churn", "champion", null)).rejects.toMatchObject({
      code,
      hint: expect.stringContaining("--to v1") as string,
    });
    // Nor does the alias get there by another way.
    await expect(store.setAlias("churn", "champion", "v2")).rejects.toMatchObject({ code });
    expect(await current()).toBe("v3");
  });

  test("does not undo a move that somebody else made meanwhile", async () => {
    const midway = faultyStore(objects, async ({ method }, moment) => {
      if (method === "create" && moment === "before") await store.setAlias("churn", "champion", "v1");
    });
    await expect(testStore(midway).rollbackAlias("churn", "champion", null)).rejects.toMatchObject({
      code: "ALIAS_MOVED",
    });
    expect(await current()).toBe("v1");
  });

  test("counts its own write whose reply was lost", async () => {
    const forgetful = testStore(forgetfulStore(objects));
    expect(await forgetful.rollbackAlias("churn", "champion", null)).toMatchObject({ version: "v2", changed: true });
  });
});
