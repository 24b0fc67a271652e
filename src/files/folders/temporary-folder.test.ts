import { chmod, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { testFolder } from "../../../tests/process/support/test-folder.ts";
import { removeFolder } from "./remove-folder.ts";
import { inTemporaryFolder } from "./temporary-folder.ts";

test("the folder is there during the work and gone after it, however it ends", async () => {
  const parent = join(await testFolder(), "made/on/the/way");
  const seen = await inTemporaryFolder(parent, async (folder) => {
    await writeFile(join(folder, "x"), "x");
    return readdir(folder);
  });
  expect(seen).toEqual(["x"]);
  await expect(inTemporaryFolder(parent, () => Promise.reject(new Error("work failed")))).rejects.toThrow(
    "work failed",
  );
  expect(await readdir(parent)).toEqual([]);
});

test("folders that forbid writing are removed, links are not followed, and absence is fine", async () => {
  const folder = await testFolder({ "kept.txt": "x" });
  await mkdir(join(folder, "run/locked"), { recursive: true });
  await writeFile(join(folder, "run/locked/x"), "x");
  await symlink(folder, join(folder, "run/up"));
  await chmod(join(folder, "run/locked"), 0o500);
  await removeFolder(join(folder, "run"));
  await removeFolder(join(folder, "run"));
  expect(await readdir(folder)).toEqual(["kept.txt"]);
});
