import { expect, test } from "vitest";

import { findPathConflict, parseVersionPath } from "./version-path.ts";

test.each(["a", "a/b.c", ".s2i/environment", "a b", "ö", "..a/b..", "a\\b"])("%j lies inside a version", (path) => {
  expect(parseVersionPath(path, "x")).toBe(path);
});

test.each(["", ".", "..", "/a", "a/", "a//b", "a/../b", "./a", "a\0b"])("%j does not", (path) => {
  expect(() => parseVersionPath(path, "The manifest")).toThrow("The manifest names a file");
});

test("a path that occurs twice or lies below a file is a conflict", () => {
  expect(findPathConflict(["a", "b/c", "b/d", "ab"])).toBeNull();
  expect(findPathConflict(["a", "b", "a"])).toBe("a");
  expect(findPathConflict(["a/b/c", "x", "a"])).toBe("a");
  expect(findPathConflict(["a/b", "a/b/c/d"])).toBe("a/b");
});
