import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { sha256 } from "../../src/kernel/digest.ts";
import { Failure } from "../../src/kernel/failure.ts";
import { parseModelReference } from "../../src/model/version/model-reference.ts";
import type { ObjectStore } from "../../src/model/ports/object-store.ts";
import { localObjectStore } from "../../src/storage/local-object-store.ts";
import { memoryObjectStore } from "../../src/storage/memory-object-store.ts";
import type { ModelStore } from "../../src/store/model-store.ts";
import { faultyStore, forgetfulStore } from "./support/faulty-store.ts";
import {
  allKeys,
  sampleFiles,
  sampleManifest,
  samplePublication,
  testClock,
  testStore,
  textFile,
  type TestClock,
} from "./support/sample-publication.ts";

const other = [...sampleFiles, textFile("extra.txt", "other content")];
const work = { signal: new AbortController().signal, onProgress: () => undefined };

let scratch: string;
let objects: ObjectStore;
let clock: TestClock;
let store: ModelStore;

describe.each(["memory", "local"])("publishing to a %s store", (kind) => {
  beforeEach(async () => {
    scratch = await mkdtemp(join(tmpdir(), "mw-store-"));
    objects = kind === "memory" ? memoryObjectStore() : localObjectStore(join(scratch, "store"));
    clock = testClock();
    store = testStore(objects, clock);
  });
  afterEach(() => rm(scratch, { recursive: true, force: true }));

  const resolve = (reference: string) => store.resolve(parseModelReference(reference));

  test("a published version is resolved, read, checked and fetched whole", async () => {
    const published = await store.publish(samplePublication());
    expect(published).toMatchObject({ model: "churn", version: "20261120-101500UTC", created: true });
    const resolved = await resolve("churn");
    expect(resolved).toMatchObject({
      version: published.version,
      manifestDigest: published.manifestDigest,
      legacy: false,
    });
    const manifest = await store.readManifest(resolved);
    expect(manifest).toMatchObject({ ...sampleManifest, model: "churn", contentDigest: published.contentDigest });
    expect(manifest.files.map(({ path }) => path)).toEqual([
      "code/model_modules/__init__.py",
      "code/model_modules/scoring.py",
      "model.txt",
      "metadata.json",
    ]);
    const target = join(scratch, "fetched", "version");
    await store.fetch({ version: resolved, manifest, targetFolder: target, ...work });
    for (const { path, sha256: digest } of manifest.files)
      expect(sha256(await readFile(join(target, path)))).toBe(digest);
  });

  test("metadata.json has exactly the eight classic keys in their order", async () => {
    await store.publish(samplePublication());
    const bytes = await objects.read("models/churn/versions/20261120-101500UTC/metadata.json");
    expect(Object.keys(JSON.parse(Buffer.from(bytes ?? []).toString()) as object)).toEqual([
      "model_name",
      "model_filename",
      "model_class",
      "training_set_filenames",
      "test_set_filenames",
      "column_transformer_filename",
      "author_email",
      "version",
    ]);
    expect(await store.readMetadata(await resolve("churn"))).toMatchObject({ version: "20261120-101500UTC" });
  });

  test("the same thing published again is a success and no second version", async () => {
    const first = await store.publish(samplePublication());
    const before = await allKeys(objects);
    clock.advance(3_600_000);
    const again = await store.publish(samplePublication({ files: [...sampleFiles].reverse() }));
    expect(again).toEqual({ ...first, created: false });
    expect(await allKeys(objects)).toEqual(before);
  });

  test("other files, targets, roles or content make another version", async () => {
    const [first = textFile("", ""), ...rest] = sampleFiles;
    const publications = [
      samplePublication(),
      samplePublication({ files: other }),
      samplePublication({ files: [{ ...first, target: "renamed.txt" }, ...rest] }),
      samplePublication({ files: [{ ...first, role: "other" }, ...rest] }),
      samplePublication({ files: [{ ...first, only: "models" }, ...rest] }),
      samplePublication({ content: { serving: "typescript" } }),
    ];
    const digests = new Set<string>();
    for (const request of publications) {
      const published = await store.publish(request);
      expect(published.created).toBe(true);
      digests.add(published.contentDigest);
    }
    expect(digests.size).toBe(publications.length);
    expect(await store.versions("churn")).toHaveLength(publications.length);
  });

  test("the same thing under a label that was asked for gets that label too", async () => {
    const first = await store.publish(samplePublication({ label: "v1" }));
    const second = await store.publish(samplePublication({ label: "v2" }));
    expect(second).toMatchObject({ version: "v2", created: true, contentDigest: first.contentDigest });
    expect(await store.publish(samplePublication({ label: "v1" }))).toEqual({ ...first, created: false });
  });

  test("a label that holds something else is refused, and nothing is written", async () => {
    await store.publish(samplePublication({ label: "v1" }));
    const before = await allKeys(objects);
    await expect(store.publish(samplePublication({ label: "v1", files: other }))).rejects.toMatchObject({
      code: "VERSION_EXISTS",
    });
    expect(await allKeys(objects)).toEqual(before);
  });

  test("an automatic label that is taken becomes the next second's", async () => {
    const labels = [];
    for (const content of [1, 2, 3]) labels.push((await store.publish(samplePublication({ content }))).version);
    expect(labels).toEqual(["20261120-101500UTC", "20261120-101501UTC", "20261120-101502UTC"]);
    expect((await resolve("churn")).version).toBe("20261120-101502UTC");
  });

  test("the newest version is the one that was made last, not the one whose label sorts last", async () => {
    await store.publish(samplePublication({ label: "v10", content: 1 }));
    clock.advance(1);
    await store.publish(samplePublication({ label: "v9", content: 2 }));
    expect((await resolve("churn")).version).toBe("v9");
    await store.publish(samplePublication({ label: "v11", content: 3 }));
    expect((await store.versions("churn")).map(({ version }) => version)).toEqual(["v11", "v9", "v10"]);
  });

  test("a name belongs to the definition that published under it first", async () => {
    await store.publish(samplePublication());
    const before = await allKeys(objects);
    await expect(store.publish(samplePublication({ definitionId: "def-2", content: 2 }))).rejects.toMatchObject({
      code: "MODEL_NAME_TAKEN",
      hint: expect.stringContaining("--name") as string,
    });
    expect(await allKeys(objects)).toEqual(before);
    expect(await store.publish(samplePublication({ definitionId: null, content: 3 }))).toMatchObject({ created: true });
  });

  test("of two definitions that want a new name at once one gets it", async () => {
    const attempts = ["a", "b"].map((definitionId) =>
      store.publish(samplePublication({ definitionId, content: definitionId })),
    );
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { code: "MODEL_NAME_TAKEN" },
    });
    expect(await store.versions("churn")).toHaveLength(1);
  });

  test("of many publishers of one label one wins, and the others say so", async () => {
    const attempts = Array.from({ length: 12 }, (_, content) =>
      store.publish(samplePublication({ label: "v1", content })),
    );
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const codes = outcomes.flatMap((outcome) =>
      outcome.status === "rejected" ? [(outcome.reason as Failure).code] : [],
    );
    for (const code of codes) expect(["VERSION_CLAIMED", "VERSION_EXISTS"]).toContain(code);
    await store.readManifest(await resolve("churn@v1"));
  });

  test("many publishers without a label all get one of their own", async () => {
    const attempts = Array.from({ length: 12 }, (_, content) => store.publish(samplePublication({ content })));
    const labels = (await Promise.all(attempts)).map(({ version }) => version);
    expect(new Set(labels).size).toBe(12);
  });

  test.each([
    ["model", { model: "../up" }, "NAME_INVALID"],
    ["label", { label: "a/b" }, "NAME_INVALID"],
    ["path", { files: [textFile("../up.txt", "x")] }, "PATH_ESCAPES_ROOT"],
    ["absolute path", { files: [textFile("/etc/passwd", "x")] }, "PATH_ESCAPES_ROOT"],
    ["target", { files: [{ ...textFile("a.txt", "x"), target: "../../up" }] }, "PATH_ESCAPES_ROOT"],
    ["path that occurs twice", { files: [textFile("a", "1"), textFile("a", "2")] }, "FILE_EXISTS"],
    ["path below a file", { files: [textFile("a", "1"), textFile("a/b/c", "2")] }, "FILE_EXISTS"],
    ["path of the store's own", { files: [textFile("manifest.json", "{}")] }, "FILE_EXISTS"],
    ["file that is not there", { files: [{ ...textFile("a", ""), body: { file: "/none/such" } }] }, "FILE_NOT_FOUND"],
  ])("a %s that cannot be is refused before anything is written", async (_, changes, code) => {
    await expect(store.publish(samplePublication(changes))).rejects.toMatchObject({ code });
    expect(await allKeys(objects)).toEqual([]);
  });

  test("a manifest that could not be read again is not published", async () => {
    const sample = samplePublication();
    const describeWithNaN: typeof sample.describe = (facts) => {
      const described = sample.describe(facts);
      const metric = { name: "auc", value: NaN, direction: "higher", dataSet: "x", tolerance: 0 } as const;
      return { ...described, manifest: { ...sampleManifest, proof: { ...sampleManifest.proof, metrics: [metric] } } };
    };
    await expect(store.publish({ ...sample, describe: describeWithNaN })).rejects.toMatchObject({
      code: "SCHEMA_MISMATCH",
    });
    expect(await store.models()).toEqual([]);
  });

  test("a file that changes after its digest was taken is not stored, and the label is free again", async () => {
    const file = join(scratch, "model.bin");
    await writeFile(file, "before");
    const changing = { ...textFile("model.bin", ""), body: { file } };
    const sample = samplePublication({ label: "v1", files: [...sampleFiles, changing] });
    const changingStore = faultyStore(objects, async ({ method, key }) => {
      if (method === "create" && key.endsWith("model.bin")) await writeFile(file, "after!");
    });
    await expect(testStore(changingStore, clock).publish(sample)).rejects.toMatchObject({ code: "FILE_CHANGED" });
    expect(await allKeys(objects)).toEqual(["models/churn/owner.json"]);
    await writeFile(file, "before");
    await store.publish(sample);
    const resolved = await resolve("churn@v1");
    await store.fetch({
      version: resolved,
      manifest: await store.readManifest(resolved),
      targetFolder: join(scratch, "fetched"),
      ...work,
    });
    expect(await readFile(join(scratch, "fetched", "model.bin"), "utf8")).toBe("before");
  });

  test("replies that are lost on every write do no harm", async () => {
    const published = await testStore(forgetfulStore(objects), clock).publish(samplePublication());
    expect(published.created).toBe(true);
    await store.readManifest(await resolve("churn"));
    const moved = await testStore(forgetfulStore(objects), clock).setAlias("churn", "champion", published.version);
    expect(moved.changed).toBe(true);
    expect(await store.aliasHistory("churn", "champion")).toHaveLength(1);
  });

  test("files that somebody else has put under a label are neither used nor deleted", async () => {
    await objects.create("models/churn/versions/v1/model.txt", Buffer.from("foreign"));
    await expect(store.publish(samplePublication({ label: "v1" }))).rejects.toMatchObject({ code: "VERSION_EXISTS" });
    expect(await allKeys(objects)).toEqual(["models/churn/owner.json", "models/churn/versions/v1/model.txt"]);
  });
});

describe("a publication that is stopped", () => {
  beforeEach(() => {
    objects = memoryObjectStore();
    clock = testClock();
    store = testStore(objects, clock);
  });

  test("takes back what it wrote, at whichever call it is stopped, and can be repeated under its label", async () => {
    await store.publish(samplePublication({ content: "earlier" }));
    const before = await allKeys(objects);
    let calls = 0;
    await testStore(
      faultyStore(objects, ({ number }) => void (calls = number)),
      clock,
    ).publish(samplePublication({ model: "counting" }));
    for (const key of await allKeys(objects)) if (key.includes("counting")) await objects.delete(key);
    let stopped = 0;
    for (let at = 1; at <= calls; at++) {
      const controller = new AbortController();
      const watched = faultyStore(objects, ({ number }, moment) => {
        if (number === at && moment === "before") controller.abort(new Failure("INTERRUPTED", { message: "Ctrl-C" }));
      });
      const request = samplePublication({ label: `stopped-${String(at)}`, signal: controller.signal });
      const outcome: unknown = await testStore(watched, clock)
        .publish(request)
        .catch((error: unknown) => error);
      if (!(outcome instanceof Failure)) continue;
      stopped++;
      expect(outcome.code).toBe("INTERRUPTED");
      expect(await allKeys(objects)).toEqual(before);
      await store.publish({ ...request, signal: new AbortController().signal });
      for (const key of await allKeys(objects)) if (key.includes(`stopped-${String(at)}`)) await objects.delete(key);
    }
    expect(stopped).toBeGreaterThan(calls / 2);
  });
});
