import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { sha256 } from "../../src/kernel/digest.ts";
import { isSurelyUnwritten, type ObjectStore } from "../../src/model/ports/object-store.ts";

/** A store that is empty, and the way to be rid of it. */
export interface StoreUnderTest {
  readonly store: ObjectStore;
  readonly dispose: () => Promise<void>;
}

const bytes = (text: string) => Buffer.from(text);
const textOf = (data: Uint8Array | null) => (data === null ? null : Buffer.from(data).toString());

/** What every object store must do. Run it for each implementation. */
export function objectStoreContract(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`object store: ${name}`, () => {
    let store: ObjectStore;
    let dispose: () => Promise<void>;
    let scratch: string;

    beforeEach(async () => {
      ({ store, dispose } = await make());
      scratch = await mkdtemp(join(tmpdir(), "mw-contract-"));
    });
    afterEach(async () => {
      await dispose();
      await rm(scratch, { recursive: true, force: true });
    });

    const keysOf = async (prefix: string, options?: { after?: string; limit?: number }) =>
      (await store.list(prefix, options)).map(({ key }) => key);
    const createAll = async (...keys: string[]) => {
      for (const key of keys) expect(await store.create(key, bytes(key))).toBe(true);
    };

    test("an object that was created is read as it was", async () => {
      expect(await store.create("a/b.json", bytes("ö{}"))).toBe(true);
      expect(textOf(await store.read("a/b.json"))).toBe("ö{}");
    });

    test("an absent object reads as null, whole and as a stream", async () => {
      expect(await store.read("a/none")).toBeNull();
      expect(await store.open("a/none")).toBeNull();
    });

    test("a folder is not an object", async () => {
      await createAll("a/b/c");
      expect(await store.read("a/b")).toBeNull();
      expect(await store.open("a")).toBeNull();
    });

    test("an empty object exists and is listed with size 0", async () => {
      expect(await store.create("a/empty", bytes(""))).toBe(true);
      expect(textOf(await store.read("a/empty"))).toBe("");
      expect(await store.list("a/")).toEqual([{ key: "a/empty", sizeBytes: 0 }]);
      expect(await store.create("a/empty", bytes("full"))).toBe(false);
    });

    test("a key that is taken is left as it is", async () => {
      await store.create("k", bytes("first"));
      expect(await store.create("k", bytes("second"))).toBe(false);
      expect(textOf(await store.read("k"))).toBe("first");
    });

    test("of many creates of one key at once exactly one wins, and its bytes are read", async () => {
      const bodies = Array.from({ length: 32 }, (_, index) => bytes(String(index).repeat(1000)));
      const wins = await Promise.all(bodies.map((body) => store.create("models/m/claims/v", body)));
      expect(wins.filter(Boolean)).toHaveLength(1);
      expect(textOf(await store.read("models/m/claims/v"))).toBe(bodies[wins.indexOf(true)]?.toString());
    });

    test("a file is stored and streamed back byte for byte", async () => {
      const body = Buffer.alloc(3_000_001, "modelwright ");
      const file = join(scratch, "body");
      await writeFile(file, body);
      expect(await store.create("big", { file, sha256: sha256(body) })).toBe(true);
      const chunks: Buffer[] = [];
      for await (const chunk of (await store.open("big")) ?? []) chunks.push(chunk as Buffer);
      expect(Buffer.concat(chunks).equals(body)).toBe(true);
    });

    test("a file that is not what its digest says is refused, and nothing is created", async () => {
      const file = join(scratch, "body");
      await writeFile(file, "changed");
      const error: unknown = await store.create("k", { file, sha256: sha256("before") }).catch((e: unknown) => e);
      expect(error).toMatchObject({ code: "FILE_CHANGED" });
      expect(isSurelyUnwritten(error)).toBe(true);
      expect(await store.read("k")).toBeNull();
    });

    test("a file that is not there is its own error, not the store's", async () => {
      const file = join(scratch, "none");
      await expect(store.create("k", { file })).rejects.toMatchObject({
        code: "FILE_NOT_FOUND",
        message: expect.stringContaining(file) as string,
      });
      expect(await store.list("")).toEqual([]);
    });

    test("a create that is stopped creates nothing", async () => {
      const signal = AbortSignal.abort();
      const error: unknown = await store.create("k", bytes("x"), { signal }).catch((e: unknown) => e);
      expect(error).toMatchObject({ code: "INTERRUPTED" });
      expect(isSurelyUnwritten(error)).toBe(true);
      expect(await store.list("")).toEqual([]);
    });

    test("what a reader does to the bytes it got does not change the object", async () => {
      await store.create("k", bytes("as it was"));
      (await store.read("k"))?.fill(0);
      expect(textOf(await store.read("k"))).toBe("as it was");
    });

    test("a listing is in the order of key bytes, across folders", async () => {
      const keys = [
        "a-b/x",
        "a.json",
        "a/x",
        "a/x.y",
        "a/x/y".replace("x/", "z/"),
        "a0",
        "ab",
        "B",
        "é",
        "\u{ff5e}",
        "\u{1f600}",
      ];
      await createAll(...keys);
      const sorted = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(await keysOf("")).toEqual(sorted);
      for (const [index, after] of sorted.entries())
        expect(await keysOf("", { after })).toEqual(sorted.slice(index + 1));
    });

    test("a listing begins after any text, present or not", async () => {
      await createAll("m/a/1", "m/b/1", "m/b/2", "m/c");
      expect(await keysOf("m/", { after: "m/b" })).toEqual(["m/b/1", "m/b/2", "m/c"]);
      expect(await keysOf("m/", { after: "m/b/1zzz" })).toEqual(["m/b/2", "m/c"]);
      expect(await keysOf("m/", { after: "m/b0" })).toEqual(["m/c"]);
      expect(await keysOf("m/b", { after: "a" })).toEqual(["m/b/1", "m/b/2"]);
      expect(await keysOf("m/b", { after: "n" })).toEqual([]);
    });

    test("a prefix may end inside a name", async () => {
      await createAll("c/2023", "c/2024/x", "c/2025", "d/2024");
      expect(await keysOf("c/202")).toEqual(["c/2023", "c/2024/x", "c/2025"]);
      expect(await keysOf("c/2024")).toEqual(["c/2024/x"]);
      expect(await keysOf("c/3")).toEqual([]);
      expect(await keysOf("none/")).toEqual([]);
    });

    test("pages of a listing make up the whole", async () => {
      const keys = Array.from(
        { length: 23 },
        (_, index) => `p/${String(index % 5)}/${String(index).padStart(2, "0")}`,
      ).sort();
      await createAll(...keys);
      const seen: string[] = [];
      for (let after: string | undefined; ;) {
        const page = await keysOf("p/", { limit: 7, ...(after === undefined ? {} : { after }) });
        seen.push(...page);
        if (page.length < 7) break;
        after = page.at(-1);
      }
      expect(seen).toEqual(keys);
    });

    test("a listing goes on while objects come and go", async () => {
      await createAll(...Array.from({ length: 40 }, (_, index) => `l/${String(index)}/x`));
      const churn = (async () => {
        for (let index = 0; index < 40; index += 2) {
          await store.delete(`l/${String(index)}/x`);
          await store.create(`l/${String(index)}-new`, bytes("x"));
        }
      })();
      for (let round = 0; round < 10; round++) {
        const keys = await keysOf("l/");
        for (let odd = 1; odd < 40; odd += 2) expect(keys).toContain(`l/${String(odd)}/x`);
        expect(new Set(keys).size).toBe(keys.length);
      }
      await churn;
    });

    test("folders are the next segments below a prefix, each once, in order, without files", async () => {
      await createAll("models/b/x", "models/b/y", "models/a-b/x", "models/a/x/y", "models/file", "other/x");
      expect(await store.listFolders("models/")).toEqual(["a-b", "a", "b"]);
      expect(await store.listFolders("")).toEqual(["models", "other"]);
      expect(await store.listFolders("models/none/")).toEqual([]);
    });

    test("a deleted object is gone, its empty folder too, and its key is free again", async () => {
      await createAll("a/b/c", "a/d");
      await store.delete("a/b/c");
      expect(await store.read("a/b/c")).toBeNull();
      expect(await store.listFolders("a/")).toEqual([]);
      expect(await keysOf("")).toEqual(["a/d"]);
      expect(await store.create("a/b/c", bytes("again"))).toBe(true);
    });

    test("deleting what is not there is fine", async () => {
      await createAll("a/b");
      await store.delete("a/none");
      await store.delete("none/at/all");
      await store.delete("a");
      expect(await keysOf("")).toEqual(["a/b"]);
    });

    test("creates and deletes in one folder do not hurt each other", async () => {
      await Promise.all(
        Array.from({ length: 20 }, async (_, index) => {
          const key = `shared/folder/${String(index)}`;
          for (let round = 0; round < 5; round++) {
            expect(await store.create(key, bytes("x"))).toBe(true);
            await store.delete(key);
          }
        }),
      );
      expect(await keysOf("")).toEqual([]);
    });

    test.each(["", "/a", "a/", "a//b", "../a", "a/../b", "a/./b", ".hidden/a", "a\0b", `a/${"x".repeat(256)}`])(
      "%j cannot be a key",
      async (key) => {
        const error: unknown = await store.create(key, bytes("x")).catch((e: unknown) => e);
        expect(error).toMatchObject({ code: "PATH_ESCAPES_ROOT" });
        expect(isSurelyUnwritten(error)).toBe(true);
        await expect(store.read(key)).rejects.toMatchObject({ code: "PATH_ESCAPES_ROOT" });
        await expect(store.delete(key)).rejects.toMatchObject({ code: "PATH_ESCAPES_ROOT" });
      },
    );

    test("hidden names inside a key are names like others", async () => {
      await createAll("m/code/.s2i/environment", "m/code/.env");
      expect(await keysOf("m/")).toEqual(["m/code/.env", "m/code/.s2i/environment"]);
    });
  });
}
