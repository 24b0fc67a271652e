import { createHash, randomBytes } from "node:crypto";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { testFolder } from "../../tests/process/support/test-folder.ts";
import { digestFile } from "./digest-file.ts";
import { digestFolder } from "./digest-folder.ts";

test("a file is digested in pieces to the same value as whole", async () => {
  const bytes = randomBytes(700_001);
  const folder = await testFolder({ "model.bin": bytes, empty: "" });
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  expect(await digestFile(join(folder, "model.bin"))).toEqual({ sha256, sizeBytes: 700_001 });
  expect(await digestFile(join(folder, "empty"))).toMatchObject({ sizeBytes: 0 });
});

test("a missing file and a folder are named in the failure", async () => {
  const folder = await testFolder();
  await expect(digestFile(join(folder, "absent"))).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
  await expect(digestFile(folder)).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
});

test("an abort ends digesting", async () => {
  const folder = await testFolder({ a: "x" });
  await expect(digestFile(join(folder, "a"), AbortSignal.abort())).rejects.toThrow(/abort/);
});

test("a folder's digest depends on names and contents, not on the order or repetition of the list", async () => {
  const folder = await testFolder({ "b.txt": "1", "a/c.txt": "2" });
  const digest = await digestFolder(folder, ["b.txt", "a/c.txt"]);
  expect(await digestFolder(folder, ["a/c.txt", "b.txt", "a/c.txt"])).toBe(digest);

  await writeFile(join(folder, "b.txt"), "3");
  const changed = await digestFolder(folder, ["b.txt", "a/c.txt"]);
  await rename(join(folder, "b.txt"), join(folder, "d.txt"));
  const renamed = await digestFolder(folder, ["d.txt", "a/c.txt"]);
  expect(new Set([digest, changed, renamed]).size).toBe(3);
});

test("a listed path that climbs out is refused", async () => {
  await expect(digestFolder(await testFolder(), ["../x"])).rejects.toMatchObject({ code: "PATH_ESCAPES_ROOT" });
});
