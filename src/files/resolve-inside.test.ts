import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { testFolder } from "../../tests/process/support/test-folder.ts";
import { isInside, resolveInside, resolveRealInside } from "./resolve-inside.ts";

test.each(["a", "a/b", "./a", "a/../b", "..a", "a/..b", ""])("%j stays inside", (path) => {
  expect(isInside("/root", resolveInside("/root", path))).toBe(true);
});

test.each(["..", "../x", "a/../../x", "/etc/passwd", "/root/a", "a\0b"])("%j is refused", (path) => {
  expect(() => resolveInside("/root", path)).toThrow(expect.objectContaining({ code: "PATH_ESCAPES_ROOT" }));
});

test("a folder whose name begins like the root is outside", () => {
  expect(isInside("/root", "/rootling")).toBe(false);
  expect(isInside("/", "/any")).toBe(true);
});

test("links are followed: those that stay inside are resolved, those that lead out or nowhere are refused", async () => {
  const outside = await testFolder({ "secret.txt": "x" });
  const root = await testFolder({ "data/a.txt": "x" });
  await symlink(join(root, "data"), join(root, "inner"));
  await symlink(outside, join(root, "outer"));
  await symlink(join(outside, "not-yet"), join(root, "dangling"));
  await symlink("round", join(root, "round"));

  expect(await resolveRealInside(root, "inner/a.txt")).toBe(join(root, "data/a.txt"));
  expect(await resolveRealInside(root, "inner/new/b.txt")).toBe(join(root, "data/new/b.txt"));
  for (const path of ["outer/secret.txt", "outer/new.txt", "dangling", "round/x"])
    await expect(resolveRealInside(root, path)).rejects.toMatchObject({ code: "PATH_ESCAPES_ROOT" });
});

test("a root that is itself reached through a link is no escape", async () => {
  const folder = await testFolder();
  await mkdir(join(folder, "real"));
  await symlink(join(folder, "real"), join(folder, "alias"));
  expect(await resolveRealInside(join(folder, "alias"), "new.txt")).toBe(join(folder, "real/new.txt"));
});
