import { lstatSync } from "node:fs";
import { readdir, readFile, realpath, rename, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { testFolder } from "../../../tests/process/support/test-folder.ts";
import { mirrorFolder } from "./mirror-folder.ts";

const PROJECT = {
  "shared/lib.py": "X = 1",
  "state/kept.txt": "",
  "output/model.bin": "old",
  "models/churn/model_modules/train.py": "code",
  "models/churn/data/train.csv": "1,2",
  "models/churn/data/large.bin": new Uint8Array(600 * 1024),
  "models/churn/.env": "TOKEN=1",
};

async function mirrored(files: Readonly<Record<string, string | Uint8Array>> = PROJECT) {
  const root = await testFolder(files);
  const folder = join(root, "models/churn");
  const target = join(await testFolder(), "copy");
  const kept = join(await testFolder(), "kept");
  const mirror = await mirrorFolder({ target, folder, root, files: [join(folder, "model_modules/train.py")] });
  return { root, folder, target, kept, mirror, at: (path: string) => join(mirror.placeOf(root), path) };
}

test("everything of the root is found where it would be from the folder", async () => {
  const { at } = await mirrored();
  const beside = at("models/churn/model_modules");
  const read = (path: string) => readFile(join(beside, path), "utf8");
  expect(await Promise.all(["train.py", "../data/train.csv", "../.env", "../../../shared/lib.py"].map(read))).toEqual([
    ...["code", "1,2", "TOKEN=1", "X = 1"],
  ]);
  expect((await stat(at("models/churn/data/large.bin"))).size).toBe(600 * 1024);
});

test("what is written new or anew stays out of the original, and is kept", async () => {
  const { root, at, mirror, kept, target } = await mirrored();
  const written = [
    "models/churn/model_modules/train.py",
    "models/churn/data/x.bin",
    "output/model.bin",
    "output/y.bin",
  ];
  for (const path of written) await writeFile(at(path), "new");
  await rename(at("models/churn/data/train.csv"), at("models/churn/data/moved.csv"));
  const all = [...written, "models/churn/data/moved.csv"].map((path) => join(root, path)).sort();
  expect(await mirror.end(kept)).toEqual(all);
  expect(await readFile(join(kept, "output/y.bin"), "utf8")).toBe("new");
  expect(await readFile(join(root, "output/model.bin"), "utf8")).toBe("old");
  expect(await readFile(join(root, "models/churn/model_modules/train.py"), "utf8")).toBe("code");
  expect((await readdir(join(root, "models/churn/data"))).sort()).toEqual(["large.bin", "train.csv"]);
  expect(lstatSync(target, { throwIfNoEntry: false })).toBeUndefined();
});

test("where nothing was written nothing is kept", async () => {
  const { mirror, kept } = await mirrored();
  expect(await mirror.end(kept)).toEqual([]);
  expect(lstatSync(kept, { throwIfNoEntry: false })).toBeUndefined();
});

test("large and hidden files are links, as is a folder with more than is worth while", async () => {
  const many = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`many/${index}.txt`, ""]));
  const { at, root } = await mirrored({ ...PROJECT, ...many });
  for (const path of ["models/churn/data/large.bin", "models/churn/.env", "many"]) {
    expect(lstatSync(at(path)).isSymbolicLink(), path).toBe(true);
    expect(await realpath(at(path))).toBe(join(root, path));
  }
});

test("a mirror inside the root does not hold itself, and a link that leads nowhere is no obstacle", async () => {
  const { root, folder } = await mirrored();
  await symlink("nowhere", join(folder, "broken"));
  const target = join(root, "state", "copy");
  const mirror = await mirrorFolder({ target, folder, root, files: [] });
  expect(lstatSync(mirror.placeOf(join(root, "state"))).isSymbolicLink()).toBe(true);
  expect(lstatSync(mirror.placeOf(join(folder, "broken"))).isSymbolicLink()).toBe(true);
});
