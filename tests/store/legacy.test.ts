import { beforeEach, describe, expect, test } from "vitest";

import type { ObjectStore } from "../../src/model/ports/object-store.ts";
import { parseModelReference } from "../../src/model/version/model-reference.ts";
import { memoryObjectStore } from "../../src/storage/memory-object-store.ts";
import type { ModelStore } from "../../src/store/model-store.ts";
import { allKeys, samplePublication, testClock, testStore } from "./support/sample-publication.ts";

const metadata = {
  model_name: "iv",
  model_filename: "model.json",
  model_class: "XGBClassifier",
  training_set_filenames: ["trainX.npy", "trainY.npy"],
  test_set_filenames: ["testX.npy", "testY.npy"],
  column_transformer_filename: "transformer.pkl",
  author_email: "author@example.com",
  version: "20230111-152433PST",
};
const LABEL = "20230111-152433PST";

let objects: ObjectStore;
let store: ModelStore;

beforeEach(() => {
  objects = memoryObjectStore();
  store = testStore(objects);
});

const resolve = (reference: string) => store.resolve(parseModelReference(reference));
const legacy = (folder: string) => objects.create(`${folder}/metadata.json`, Buffer.from(JSON.stringify(metadata)));

describe.each([`models/iv/versions/${LABEL}`, `models/iv/${LABEL}`, `iv/${LABEL}`])(
  "a version of an older tool in %s",
  (folder) => {
    beforeEach(() => legacy(folder));

    test("is listed as unvalidated, resolved, and its metadata read", async () => {
      expect(await store.models()).toEqual(["iv"]);
      expect(await store.versions("iv")).toEqual([
        { model: "iv", version: LABEL, createdAt: null, legacy: true, commit: null, fault: null },
      ]);
      const resolved = await resolve("iv");
      expect(resolved).toMatchObject({ version: LABEL, legacy: true, commit: null, prefix: `${folder}/` });
      expect(await resolve(`iv@${LABEL}`)).toEqual(resolved);
      expect(await store.readMetadata(resolved)).toEqual(metadata);
      await expect(store.readManifest(resolved)).rejects.toMatchObject({ code: "MANIFEST_MISSING" });
    });

    test("can have an alias", async () => {
      await store.setAlias("iv", "champion", LABEL);
      expect(await resolve("iv@champion")).toMatchObject({ version: LABEL, legacy: true });
    });

    test("comes after versions that can be checked, and keeps its label", async () => {
      const before = await allKeys(objects);
      await expect(store.publish(samplePublication({ model: "iv", label: LABEL }))).rejects.toMatchObject({
        code: "VERSION_EXISTS",
      });
      expect(await allKeys(objects)).toEqual(before);
      await store.publish(samplePublication({ model: "iv", label: "new" }));
      expect((await store.versions("iv")).map(({ version }) => version)).toEqual(["new", LABEL]);
      expect((await resolve("iv")).version).toBe("new");
    });
  },
);

test("an automatic label passes over one that an older tool has", async () => {
  await legacy("churn/20261120-101500UTC");
  expect((await testStore(objects, testClock()).publish(samplePublication())).version).toBe("20261120-101501UTC");
});

test("folders without metadata.json are no versions", async () => {
  await objects.create("models/iv/versions/half/model.json", Buffer.from("{}"));
  await objects.create("notes/readme/text.md", Buffer.from(""));
  await objects.create("models/iv/odd name/metadata.json", Buffer.from("{}"));
  expect(await store.models()).toEqual([]);
  expect(await store.versions("iv")).toEqual([]);
});

test("metadata that is damaged is named", async () => {
  await objects.create("iv/v1/metadata.json", Buffer.from('{"model_name": 3}'));
  await expect(store.readMetadata(await resolve("iv@v1"))).rejects.toMatchObject({
    code: "STORE_CORRUPT",
    message: expect.stringContaining("iv/v1/metadata.json") as string,
  });
});

test("an unknown model or version is not found, with what there is", async () => {
  await expect(resolve("none")).rejects.toMatchObject({ code: "MODEL_NOT_FOUND" });
  await legacy(`iv/${LABEL}`);
  await expect(resolve("none")).rejects.toMatchObject({ hint: expect.stringContaining("iv") as string });
  await expect(resolve("iv@v9")).rejects.toMatchObject({
    code: "VERSION_NOT_FOUND",
    hint: expect.stringContaining(LABEL) as string,
  });
  await expect(store.versions("../up")).rejects.toMatchObject({ code: "NAME_INVALID" });
});
