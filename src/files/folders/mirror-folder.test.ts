import { lstatSync } from "node:fs";
import { mkdir, readdir, readFile, realpath, rename, stat, symlink, writeFile } from "node:fs/promises";
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
  "models/churn/.cache/kept.bin": "",
  "models/churn/model_modules/__pycache__/train.pyc": "",
};

type Files = Readonly<Record<string, string | Uint8Array>>;

async function mirrored(files: Files = PROJECT, state = "") {
  const root = await testFolder(files);
  const folder = join(root, "models/churn");
  const target = join(state === "" ? await testFolder() : join(root, state), "copy");
  const kept = join(await testFolder(), "kept");
  const mirror = await mirrorFolder({ target, folder, root, files: [join(folder, "model_modules/train.py")] });
  if (mirror === null) throw new Error("It was not mirrored.");
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

test("whoever walks through folders finds every file, however many there are", async () => {
  const images = ["models/churn/images", "images"].flatMap((folder) =>
    Array.from({ length: 400 }, (_, index) => [`${folder}/${index % 20}/${index}.png`, ""] as const),
  );
  const { at } = await mirrored({ ...PROJECT, ...Object.fromEntries(images) });
  for (const folder of ["models/churn/images", "images"]) {
    const found = await readdir(at(folder), { recursive: true, withFileTypes: true });
    expect(
      found.filter((entry) => !entry.isDirectory()),
      folder,
    ).toHaveLength(400);
  }
});

test("links on the way to files that are wanted are made anew, so that what is written beyond them stays out too", async () => {
  const root = await testFolder({ "models/churn/model.json": "{}", "shared/lib/names.py": "N = 1" });
  const folder = join(root, "models/churn");
  await symlink("../../shared", join(folder, "model_modules"));
  const place = { target: join(await testFolder(), "copy"), folder, root };
  const mirror = await mirrorFolder({ ...place, files: [join(folder, "model_modules/lib/names.py")] });
  const written = join(mirror?.placeOf(folder) ?? "", "model_modules/lib/log.txt");
  await writeFile(written, "x");
  expect(await mirror?.listWritten()).toEqual([join(folder, "model_modules/lib/log.txt")]);
  expect(await readdir(join(root, "shared/lib"))).toEqual(["names.py"]);
});

test("what is written new or anew stays out of the original, and can be kept", async () => {
  const { root, at, mirror, kept } = await mirrored();
  const written = [
    ...["models/churn/model_modules/train.py", "models/churn/data/x.bin", "models/churn/.cache/z.bin"],
    ...["models/churn/model_modules/__pycache__/train.nbi", "models/new.txt", "output/model.bin", "output/y.bin"],
  ];
  await mkdir(at("models/churn/new"));
  for (const path of [...written, "models/churn/new/deep.txt"]) await writeFile(at(path), "new");
  await rename(at("models/churn/data/train.csv"), at("models/churn/data/moved.csv"));
  const all = [...written, "models/churn/new/deep.txt", "models/churn/data/moved.csv"].map((path) => join(root, path));
  expect(await mirror.listWritten()).toEqual(all.sort());
  await mirror.keep(await mirror.listWritten(), kept);
  expect(await readFile(join(kept, "output/y.bin"), "utf8")).toBe("new");
  expect(await readFile(join(root, "output/model.bin"), "utf8")).toBe("old");
  expect(await readFile(join(root, "models/churn/model_modules/train.py"), "utf8")).toBe("code");
  expect((await readdir(join(root, "models/churn/data"))).sort()).toEqual(["large.bin", "train.csv"]);
  expect(await readdir(join(root, "models/churn/model_modules/__pycache__"))).toEqual(["train.pyc"]);
  expect(await readdir(join(root, "models/churn/.cache"))).toEqual(["kept.bin"]);
});

test("where nothing was written there is nothing to keep", async () => {
  expect(await (await mirrored()).mirror.listWritten()).toEqual([]);
});

test("large files and what may be a secret are links, as is a folder around with more than is worth while", async () => {
  const many = Object.fromEntries(Array.from({ length: 350 }, (_, index) => [`many/${index}.txt`, ""]));
  const { at, root } = await mirrored({ ...PROJECT, "credentials.json": "{}", ...many });
  for (const path of ["models/churn/data/large.bin", "models/churn/.env", "credentials.json", "many"]) {
    expect(lstatSync(at(path)).isSymbolicLink(), path).toBe(true);
    expect(await realpath(at(path))).toBe(join(root, path));
  }
});

test("a folder with too many files is not mirrored", async () => {
  const many = Object.fromEntries(Array.from({ length: 2_001 }, (_, index) => [`models/churn/data/${index}.txt`, ""]));
  await expect(mirrored(many)).rejects.toThrow("It was not mirrored.");
});

test("a mirror inside the root does not hold itself, and a link that leads nowhere is no obstacle", async () => {
  const { at, root } = await mirrored(PROJECT, "state");
  expect(lstatSync(at("state")).isSymbolicLink()).toBe(true);
  const folder = join(root, "models/churn");
  await symlink("nowhere", join(folder, "broken"));
  const mirror = await mirrorFolder({ target: join(await testFolder(), "copy"), folder, root, files: [] });
  expect(lstatSync(mirror?.placeOf(join(folder, "broken")) ?? "").isSymbolicLink()).toBe(true);
});
