import { execFileSync } from "node:child_process";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { testFolder } from "../../tests/process/support/test-folder.ts";
import { snapshotFolder } from "./snapshot-folder.ts";

const everything = { readText: () => true, maxTextBytes: 1_000, isIgnoredFolder: () => false, maxDepth: 8 };
const pathsOf = (snapshot: { readonly entries: readonly { readonly path: string }[] }): string[] =>
  snapshot.entries.map((entry) => entry.path);

test("files are listed in order with sizes, texts only where asked for", async () => {
  const root = await testFolder({ "model.json": "{}", "a/data.csv": "1,2\n", "a/big.json": "x".repeat(1_001) });
  const snapshot = await snapshotFolder(root, { ...everything, readText: (path) => path.endsWith(".json") });
  expect(snapshot.entries).toEqual([
    { path: "a/big.json", sizeBytes: 1_001 },
    { path: "a/data.csv", sizeBytes: 4 },
    { path: "model.json", sizeBytes: 2 },
  ]);
  expect([...snapshot.texts]).toEqual([["model.json", "{}"]]);
});

test("text that is not UTF-8 is absent, a byte order mark is taken off", async () => {
  const root = await testFolder({
    ...{ bad: Uint8Array.of(0x66, 0xff), marked: "\uFEFF{}" },
    wide: Uint8Array.of(0xff, 0xfe, 0x7b, 0, 0x7d, 0),
  });
  const snapshot = await snapshotFolder(root, everything);
  expect(pathsOf(snapshot)).toEqual(["bad", "marked", "wide"]);
  expect(snapshot.unreadable).toEqual([
    { path: "bad", reason: "it is not UTF-8 text" },
    { path: "wide", reason: "it is not UTF-8 text but UTF-16" },
  ]);
  expect([...snapshot.texts]).toEqual([["marked", "{}"]]);
});

test("ignored and too deep folders are not entered", async () => {
  const root = await testFolder({ "a/b/c.txt": "", "skip/x.txt": "", "a/ok.txt": "" });
  const snapshot = await snapshotFolder(root, {
    ...everything,
    isIgnoredFolder: (path) => path === "skip",
    maxDepth: 1,
  });
  expect(pathsOf(snapshot)).toEqual(["a/ok.txt"]);
});

test("links inside the root are followed, links that lead out are left out, broken ones are listed", async () => {
  const outside = await testFolder({ secret: "x" });
  const root = await testFolder({ "shared/x.py": "x" });
  await symlink("shared", join(root, "code"));
  await symlink(outside, join(root, "outer"));
  await symlink(join(outside, "secret"), join(root, "stolen"));
  await symlink("nowhere", join(root, "broken"));
  const snapshot = await snapshotFolder(root, everything);
  expect(pathsOf(snapshot)).toEqual(["code/x.py", "shared/x.py"]);
  expect(snapshot.unreadable).toEqual([{ path: "broken", reason: expect.stringContaining("ENOENT") as string }]);
});

test("links that lead out are followed where that is allowed, not beyond the bound, and not into hidden folders", async () => {
  const root = await testFolder({
    "repo/def/model_modules/a.py": "a",
    "repo/shared/b.py": "b",
    "repo/.git/token": "t",
    "away/c": "c",
  });
  const definition = join(root, "repo/def");
  const links = {
    "model_modules/shared": "../../shared",
    "model_modules/b.py": "../../shared/b.py",
    data: "../shared",
  };
  const refused = {
    "model_modules/away": "../../../away",
    "model_modules/token": "../../.git/token",
    "model_modules/up": "../..",
  };
  for (const [path, target] of Object.entries({ ...links, ...refused })) await symlink(target, join(definition, path));
  const linksOut = { within: join(root, "repo"), mayFollow: (path: string) => path.startsWith("model_modules/") };
  const { entries } = await snapshotFolder(definition, { ...everything, linksOut });
  expect(entries.map(({ path }) => path)).toEqual([
    "model_modules/a.py",
    "model_modules/b.py",
    "model_modules/shared/b.py",
  ]);
});

test("links that lead round in a circle end", async () => {
  const root = await testFolder({ "a/1.txt": "", "b/2.txt": "" });
  await symlink(".", join(root, "self"));
  await symlink("../b", join(root, "a/x"));
  await symlink("../a", join(root, "b/y"));
  const snapshot = await snapshotFolder(root, { ...everything, maxDepth: 1_000 });
  expect(pathsOf(snapshot)).toEqual(["a/1.txt", "a/x/2.txt", "b/2.txt", "b/y/1.txt"]);
});

test("a pipe is left out instead of being waited for", async () => {
  const root = await testFolder({ "model.json": "{}" });
  execFileSync("mkfifo", [join(root, "pipe.json")]);
  expect(pathsOf(await snapshotFolder(root, everything))).toEqual(["model.json"]);
});

test("a root that is missing or a file is listed as unreadable", async () => {
  const root = await testFolder({ file: "" });
  for (const path of ["absent", "file"]) {
    const snapshot = await snapshotFolder(join(root, path), everything);
    expect(snapshot.entries).toEqual([]);
    expect(snapshot.unreadable).toMatchObject([{ path: "." }]);
  }
});

test("links that multiply are followed a bounded number of times", async () => {
  const root = await testFolder();
  const names = Array.from({ length: 7 }, (_, index) => `f${index}`);
  for (const name of names) await mkdir(join(root, name));
  for (const from of names) for (const to of names) await symlink(`../${to}`, join(root, from, `to-${to}`));
  const snapshot = await snapshotFolder(root, { ...everything, maxDepth: 50 });
  expect(snapshot.unreadable[0]?.reason).toMatch(/more symbolic links/);
});
