import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import type { ObjectStore } from "../model/ports/object-store.ts";
import { localObjectStore } from "./local-object-store.ts";

let folder: string;
let root: string;
let store: ObjectStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mw-local-"));
  root = join(folder, "store");
  store = localObjectStore(root);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const body = Buffer.from("x");

async function temporaries(): Promise<string[]> {
  return readdir(join(root, ".temporary"));
}

test("nothing temporary is left by creates that win, lose or fail", async () => {
  await store.create("a", body);
  await store.create("a", body);
  await Promise.all(Array.from({ length: 8 }, () => store.create("b", body)));
  await store.create("c", { file: join(folder, "none") }).catch(() => undefined);
  await store.create("d", { file: folder }).catch(() => undefined);
  await store.create("a/b", body).catch(() => undefined);
  expect(await temporaries()).toEqual([]);
});

test("a key below an object is refused, as folders cannot hold both", async () => {
  await store.create("a", body);
  await expect(store.create("a/b", body)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  expect(await store.read("a/b")).toBeNull();
});

test("temporaries of killed processes are no objects, and are swept when they are old", async () => {
  await store.create("a", body);
  const old = join(root, ".temporary", "old");
  await writeFile(old, "half");
  await writeFile(join(root, ".temporary", "fresh"), "half");
  await utimes(old, new Date(0), new Date(0));
  expect((await store.list("")).map(({ key }) => key)).toEqual(["a"]);
  expect(await store.listFolders("")).toEqual([]);
  expect(await store.sweep?.(60_000)).toBe(1);
  expect(await temporaries()).toEqual(["fresh"]);
});

test("sweeping a store that is not there yet is fine", async () => {
  expect(await store.sweep?.(0)).toBe(0);
});

test("a link out of the store is neither read, listed, written through nor deleted through", async () => {
  const outside = join(folder, "outside");
  await mkdir(outside);
  await writeFile(join(outside, "secret"), "secret");
  await store.create("m/own", body);
  await symlink(outside, join(root, "m", "out"));
  await symlink(join(outside, "secret"), join(root, "m", "file"));
  expect((await store.list("")).map(({ key }) => key)).toEqual(["m/own"]);
  expect(await store.listFolders("m/")).toEqual([]);
  for (const attempt of [
    () => store.read("m/file"),
    () => store.open("m/out/secret"),
    () => store.list("m/out/"),
    () => store.listFolders("m/out/"),
    () => store.create("m/out/new", body),
    () => store.create("m/out/deep/new", body),
    () => store.delete("m/out/secret"),
  ])
    await expect(attempt()).rejects.toMatchObject({ code: "PATH_ESCAPES_ROOT" });
  expect(await readdir(outside)).toEqual(["secret"]);
});

test("a temporary folder that is a link out of the store is not written to", async () => {
  await mkdir(root);
  await symlink(folder, join(root, ".temporary"));
  await expect(store.create("a", body)).rejects.toMatchObject({ code: "PATH_ESCAPES_ROOT" });
  await expect(store.sweep?.(-1)).rejects.toMatchObject({ code: "PATH_ESCAPES_ROOT" });
  expect(await readdir(folder)).toEqual(["store"]);
});

test("the store's folder itself may be a link", async () => {
  await mkdir(join(folder, "real"));
  await symlink(join(folder, "real"), root);
  await store.create("a/b", body);
  expect(await store.read("a/b")).toEqual(body);
  expect(await readdir(join(folder, "real", "a"))).toEqual(["b"]);
});

test("a named pipe in the store is no object, and nobody waits for it", async () => {
  await store.create("a/b", body);
  execFileSync("mkfifo", [join(root, "a", "pipe")]);
  expect(await store.read("a/pipe")).toBeNull();
  expect((await store.list("")).map(({ key }) => key)).toEqual(["a/b"]);
});

test("a store below a file is unavailable, with the reason and what to do", async () => {
  await writeFile(join(folder, "file"), "");
  const blocked = localObjectStore(join(folder, "file", "store"));
  expect(await blocked.read("a")).toBeNull();
  await expect(blocked.create("a", body)).rejects.toMatchObject({
    code: "STORE_UNAVAILABLE",
    message: expect.stringContaining(blocked.location) as string,
    hint: expect.stringContaining("--store") as string,
  });
});
