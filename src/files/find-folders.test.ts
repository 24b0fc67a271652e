import { symlink } from "node:fs/promises";
import { join, relative } from "node:path";
import { expect, test } from "vitest";

import { testFolder } from "../../tests/process/support/test-folder.ts";
import { findFolders } from "./find-folders.ts";

async function found(projectRoot: string, root = "models"): Promise<string[]> {
  const roots = [join(projectRoot, root)];
  const { folders } = await findFolders({ projectRoot, roots, containing: "model.json" });
  return folders.map((folder) => relative(projectRoot, folder));
}

test("folders are found at any depth up to six", async () => {
  const root = await testFolder({
    "models/a/model.json": "{}",
    "models/1/2/3/4/5/6/model.json": "{}",
    "models/1/2/3/4/5/6b/7/model.json": "{}",
    "other/model.json": "{}",
  });
  expect(await found(root)).toEqual(["models/1/2/3/4/5/6", "models/a"]);
  expect(await found(root, "absent")).toEqual([]);
});

test("packages, environments and hidden folders are skipped, but .cli and .s2i are not", async () => {
  const root = await testFolder({
    "models/node_modules/x/model.json": "{}",
    "models/venv/pyvenv.cfg": "",
    "models/venv/lib/model.json": "{}",
    "models/conda/conda-meta/history": "",
    "models/conda/model.json": "{}",
    "models/.hidden/model.json": "{}",
    "models/.cli/x/model.json": "{}",
  });
  expect(await found(root)).toEqual(["models/.cli/x"]);
});

test("what lies in a definition is its own, but a stray file in a root hides nothing", async () => {
  const root = await testFolder({
    "models/model.json": "a trained model",
    "models/churn/model.json": "{}",
    "models/churn/artifacts/model.json": "a trained model",
  });
  expect(await found(root)).toEqual(["models", "models/churn"]);
});

test("a folder or pipe of the name is not the file", async () => {
  const root = await testFolder({ "models/a/model.json/x": "" });
  expect(await found(root)).toEqual([]);
});

test("the project's ignore file is heeded", async () => {
  const root = await testFolder({
    ".modelwrightignore": "# old ones\narchive\n/models/b*\n",
    "models/archive/x/model.json": "{}",
    "models/a/archive/model.json": "{}",
    "models/b1/model.json": "{}",
    "models/keep/b1/model.json": "{}",
  });
  expect(await found(root)).toEqual(["models/keep/b1"]);
});

test("a linked folder is found once, under its own name, and links out of the project are not followed", async () => {
  const outside = await testFolder({ "x/model.json": "{}" });
  const root = await testFolder({ "models/z/model.json": "{}", "shared/s/model.json": "{}" });
  await symlink("z", join(root, "models/a"));
  await symlink("../shared", join(root, "models/b"));
  await symlink("..", join(root, "models/loop"));
  await symlink(outside, join(root, "models/out"));
  expect(await found(root)).toEqual(["models/b/s", "models/z"]);
});
