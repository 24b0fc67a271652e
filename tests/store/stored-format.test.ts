import { join } from "node:path";
import { expect, test } from "vitest";

import { localObjectStore } from "../../src/storage/local-object-store.ts";
import { testStore } from "./support/sample-publication.ts";

// As tools that write format 1 left it. Never made anew: old stores must stay readable for good.
const store = testStore(localObjectStore(join(import.meta.dirname, "../fixtures/store/format-1")));

test("a stored store of format 1 is read whole", async () => {
  expect(await store.models()).toEqual(["churn"]);
  const versions = await store.versions("churn");
  expect(versions.map(({ version, createdAt, fault }) => [version, createdAt, fault])).toEqual([
    ["v2", "2026-11-20T10:16:00.000Z", null],
    ["v1", "2026-11-20T10:15:00.000Z", null],
  ]);
  const resolved = await store.resolve({ name: "churn", selector: "champion" });
  expect(resolved).toMatchObject({ version: "v2", legacy: false });
  const manifest = await store.readManifest(resolved);
  expect(manifest).toMatchObject({ schemaVersion: 1, model: "churn", version: "v2", framework: "scikit-learn" });
  for (const entry of manifest.files) expect(await store.readFile(resolved, entry)).toHaveLength(entry.sizeBytes);
  expect(await store.readMetadata(resolved)).toMatchObject({ model_name: "churn", version: "v2" });
});

test("aliases of format 1 keep their history", async () => {
  expect((await store.aliases("churn")).aliases.map(({ alias, version }) => [alias, version])).toEqual([
    ["champion", "v2"],
  ]);
  expect((await store.aliasHistory("churn", "champion")).map(({ version }) => version)).toEqual(["v2", "v1"]);
  expect((await store.aliasHistory("churn", "shadow")).map(({ version }) => version)).toEqual([null, "v1"]);
});

test("an abandoned label of format 1 is no version", async () => {
  await expect(store.resolve({ name: "churn", selector: "v3" })).rejects.toMatchObject({ code: "VERSION_NOT_FOUND" });
});
