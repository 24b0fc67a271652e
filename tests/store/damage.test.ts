import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { sha256 } from "../../src/kernel/digest.ts";
import type { ObjectStore } from "../../src/model/ports/object-store.ts";
import { parseModelReference } from "../../src/model/version/model-reference.ts";
import { memoryObjectStore } from "../../src/storage/memory-object-store.ts";
import type { ModelStore } from "../../src/store/model-store.ts";
import { sealRecord } from "../../src/store/formats/sealed-record.ts";
import { allKeys, samplePublication, testStore } from "./support/sample-publication.ts";

const PREFIX = "models/churn/versions/v1/";
const COMMIT = "models/churn/commits/v1.json";
const work = { signal: new AbortController().signal, onProgress: () => undefined };

let scratch: string;
let objects: ObjectStore;
let store: ModelStore;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "mw-damage-"));
  objects = memoryObjectStore();
  store = testStore(objects);
  await store.publish(samplePublication({ label: "v1" }));
  await store.setAlias("churn", "champion", "v1");
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

async function replace(key: string, change: (bytes: Buffer) => Uint8Array): Promise<void> {
  const bytes = Buffer.from((await objects.read(key)) ?? []);
  await objects.delete(key);
  await objects.create(key, change(bytes));
}

function flipBit(bytes: Buffer, bit: number): Buffer {
  const flipped = Buffer.from(bytes);
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return flipped;
}

/** What every consumer of a version does: resolve, read the manifest, fetch all files. */
async function load(reference = "churn@champion"): Promise<void> {
  const resolved = await store.resolve(parseModelReference(reference));
  await store.fetch({
    version: resolved,
    manifest: await store.readManifest(resolved),
    targetFolder: join(scratch, "version"),
    ...work,
  });
}

const FILES = ["model.txt", "code/model_modules/scoring.py", "metadata.json", "manifest.json"];

describe.each(FILES)("a damaged %s", (path) => {
  const key = `${PREFIX}${path}`;

  test.each([
    ["with one bit flipped", (bytes: Buffer) => flipBit(bytes, 8 * (bytes.length >> 1))],
    ["cut short", (bytes: Buffer) => bytes.subarray(0, -1)],
    ["grown", (bytes: Buffer) => Buffer.concat([bytes, Buffer.from(" ")])],
    ["emptied", () => Buffer.alloc(0)],
  ])("%s is found, named, and nothing is left of the fetch", async (_, change) => {
    await replace(key, change);
    await expect(load()).rejects.toMatchObject({
      code: "STORE_CORRUPT",
      message: expect.stringContaining(key) as string,
    });
    expect(await readdir(scratch)).toEqual([]);
  });

  test("that is missing is found and named", async () => {
    await objects.delete(key);
    await expect(load()).rejects.toMatchObject({
      code: "STORE_CORRUPT",
      message: expect.stringContaining(key) as string,
    });
    expect(await readdir(scratch)).toEqual([]);
  });
});

test.each([COMMIT, "models/churn/aliases/champion/9999999998.json"])(
  "any one bit flipped in %s is found and named",
  async (key) => {
    const whole = Buffer.from((await objects.read(key)) ?? []);
    for (let bit = 0; bit < whole.length * 8; bit++) {
      await replace(key, () => flipBit(whole, bit));
      const outcome: unknown = await store
        .resolve(parseModelReference("churn@champion"))
        .catch((error: unknown) => error);
      expect(outcome, `bit ${String(bit)}`).toMatchObject({
        code: "STORE_CORRUPT",
        message: expect.stringContaining(key) as string,
      });
    }
  },
);

test("a version with a damaged commit is listed as such, beside those that are whole", async () => {
  await store.publish(samplePublication({ label: "v2", content: 2 }));
  await replace(COMMIT, (bytes) => flipBit(bytes, 100));
  const versions = await store.versions("churn");
  expect(versions.map(({ version, fault }) => [version, fault?.code ?? null])).toEqual([
    ["v2", null],
    ["v1", "STORE_CORRUPT"],
  ]);
  await load("churn@v2");
});

test("the newest version is not guessed when a commit cannot be read", async () => {
  await store.publish(samplePublication({ label: "v2", content: 2 }));
  await replace(COMMIT, (bytes) => flipBit(bytes, 100));
  await expect(load("churn")).rejects.toMatchObject({
    code: "STORE_CORRUPT",
    message: expect.stringContaining(COMMIT) as string,
  });
});

test("an alias whose latest entry is damaged points nowhere until it is set anew", async () => {
  await store.publish(samplePublication({ label: "v2", content: 2 }));
  await replace("models/churn/aliases/champion/9999999998.json", (bytes) => flipBit(bytes, 100));
  await expect(load()).rejects.toMatchObject({
    code: "STORE_CORRUPT",
    hint: expect.stringContaining("alias") as string,
  });
  expect(await store.setAlias("churn", "champion", "v2")).toMatchObject({ previous: null, changed: true });
  await load();
  await expect(store.removeAlias("churn", "champion")).resolves.toMatchObject({ previous: "v2" });
});

test("a damaged claim does not hurt its version", async () => {
  await replace("models/churn/claims/v1", (bytes) => flipBit(bytes, 100));
  await load();
});

test("a version that was copied over another one is found", async () => {
  await store.publish(samplePublication({ label: "v2", content: 2 }));
  for (const key of await allKeys(objects)) {
    const copy = key.replace("/v2", "/v1");
    if (copy === key || key.includes("/claims/")) continue;
    const bytes = await objects.read(key);
    await replace(copy, () => bytes ?? Buffer.alloc(0));
  }
  await expect(load("churn@v1")).rejects.toMatchObject({
    code: "STORE_CORRUPT",
    message: expect.stringContaining("churn@v2") as string,
  });
});

/** Changes the manifest and commits it anew, as somebody could who may write into the store. */
async function forgeManifest(
  change: (manifest: { schemaVersion: number; files: { path: string; target: string | null }[] }) => void,
) {
  const manifest = JSON.parse(
    Buffer.from((await objects.read(`${PREFIX}manifest.json`)) ?? []).toString(),
  ) as Parameters<typeof change>[0];
  change(manifest);
  const bytes = Buffer.from(JSON.stringify(manifest));
  await replace(`${PREFIX}manifest.json`, () => bytes);
  const commit = JSON.parse(Buffer.from((await objects.read(COMMIT)) ?? []).toString()) as Record<string, string>;
  delete commit["digest"];
  await replace(COMMIT, () => sealRecord({ ...commit, manifestDigest: sha256(bytes) }));
}

test.each(["../../escape", "/etc/passwd", "code//x", "./x", ""])(
  "a manifest that names %j as a file is refused",
  async (path) => {
    await forgeManifest(({ files }) => files.push({ ...files[0], path, target: null }));
    await expect(load()).rejects.toMatchObject({ code: "PATH_ESCAPES_ROOT" });
    await forgeManifest(({ files }) => files.splice(-1, 1, { ...files[0], path: "fine", target: path }));
    await expect(load()).rejects.toMatchObject({ code: "PATH_ESCAPES_ROOT" });
    expect(await readdir(scratch)).toEqual([]);
  },
);

test("a manifest that names a file twice is refused", async () => {
  await forgeManifest(({ files }) => files.push({ ...files[0], path: "model.txt", target: null }));
  await expect(load()).rejects.toMatchObject({
    code: "STORE_CORRUPT",
    message: expect.stringContaining("model.txt") as string,
  });
});

test("manifests and records of a newer tool are refused with the way to read them", async () => {
  await forgeManifest((manifest) => (manifest.schemaVersion = 2));
  await expect(load()).rejects.toMatchObject({
    code: "FORMAT_TOO_NEW",
    hint: expect.stringContaining("Update") as string,
  });
  await replace(COMMIT, () => sealRecord({ schemaVersion: 7, whatever: true }));
  await expect(load()).rejects.toMatchObject({
    code: "FORMAT_TOO_NEW",
    message: expect.stringContaining("7") as string,
  });
});

test("a fetch into a folder that is not empty changes nothing", async () => {
  await load();
  await expect(load()).rejects.toMatchObject({ code: "TARGET_EXISTS" });
  expect(await readdir(scratch)).toEqual(["version"]);
});

test("a fetch that is stopped leaves nothing", async () => {
  const resolved = await store.resolve(parseModelReference("churn"));
  const manifest = await store.readManifest(resolved);
  const stopped = { ...work, signal: AbortSignal.abort() };
  await expect(
    store.fetch({ version: resolved, manifest, targetFolder: join(scratch, "version"), ...stopped }),
  ).rejects.toMatchObject({
    code: "INTERRUPTED",
  });
  expect(await readdir(scratch)).toEqual([]);
});

test("one small file is read alone, and checked", async () => {
  const resolved = await store.resolve(parseModelReference("churn"));
  const { files } = await store.readManifest(resolved);
  const entry = files.find(({ path }) => path === "model.txt");
  if (entry === undefined) throw new Error("the sample has a model.txt");
  expect(Buffer.from(await store.readFile(resolved, entry)).toString()).toBe("weights 1 2 3");
  await replace(`${PREFIX}model.txt`, (bytes) => flipBit(bytes, 9));
  await expect(store.readFile(resolved, entry)).rejects.toMatchObject({ code: "STORE_CORRUPT" });
});

describe("a whole version is examined", () => {
  const examine = async () => {
    const [version] = await store.versions("churn");
    if (version === undefined) throw new Error("the sample was published");
    return store.examine(version, work.signal);
  };

  test("and is well when nothing was touched", async () => {
    const { files } = await store.readManifest(await store.resolve(parseModelReference("churn")));
    const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
    expect(await examine()).toEqual({ fileCount: files.length, sizeBytes, faults: [] });
  });

  test("and every damaged file of it is named, not only the first", async () => {
    await replace(`${PREFIX}model.txt`, (bytes) => flipBit(bytes, 9));
    await objects.delete(`${PREFIX}code/model_modules/scoring.py`);
    const { faults } = await examine();
    expect(faults.join("\n")).toMatch(/model\.txt.*digest[^]*scoring\.py.*not there|scoring\.py[^]*model\.txt/);
    expect(faults).toHaveLength(2);
  });

  test.each([`${PREFIX}manifest.json`, COMMIT])("and a damaged %s is its fault", async (key) => {
    await replace(key, (bytes) => flipBit(bytes, 8 * (bytes.length >> 1)));
    expect((await examine()).faults).toEqual([expect.stringContaining(key)]);
  });

  test("and it stops when it is told to", async () => {
    const [version] = await store.versions("churn");
    if (version === undefined) throw new Error("the sample was published");
    await expect(store.examine(version, AbortSignal.abort())).rejects.toMatchObject({ code: "INTERRUPTED" });
  });
});

test("one damaged alias is told, and hides neither the others nor the versions", async () => {
  await store.setAlias("churn", "next", "v1");
  await replace("models/churn/aliases/champion/9999999998.json", (bytes) => flipBit(bytes, 99));
  expect(await store.aliases("churn")).toMatchObject({
    aliases: [{ alias: "next", version: "v1" }],
    damaged: [{ alias: "champion", code: "STORE_CORRUPT", message: expect.stringContaining("champion") as string }],
  });
});
