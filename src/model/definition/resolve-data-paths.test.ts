import { expect, test } from "vitest";

import type { JsonObject } from "../../kernel/json.ts";
import { resolveDataPaths } from "./resolve-data-paths.ts";

const FOLDERS = ["/p/m/.cli/datasets", "/p/m", "/p"];
const FILES = new Set([
  "/p/data/train.csv",
  "/p/m/data/train.csv",
  "/p/target",
  "/p/m/.cli/datasets/here.csv",
  "/p/select",
]);
const DISK_FOLDERS = new Set(["/p/data", "/p/m/data", "/p", "/p/species", "/p/v1.0"]);

function resolved(configuration: JsonObject): JsonObject {
  return resolveDataPaths(configuration, FOLDERS, (path) =>
    FILES.has(path) ? "file" : DISK_FOLDERS.has(path) ? "folder" : null,
  ).value;
}

test("a relative file is looked up beside the data set, then the definition, then the project", () => {
  expect(resolved({ a: "here.csv", b: "data/train.csv", c: "../data/train.csv" })).toEqual({
    a: "/p/m/.cli/datasets/here.csv",
    b: "/p/m/data/train.csv",
    c: "/p/data/train.csv",
  });
});

test("a folder counts only with a slash", () => {
  expect(resolved({ a: "data", b: "./data", c: "data/", d: "species", e: "v1.0", f: "." })).toEqual({
    a: "data",
    b: "/p/m/data",
    c: "/p/m/data",
    d: "species",
    e: "v1.0",
    f: ".",
  });
});

test("words, addresses, absolute paths and longer texts are left alone", () => {
  const configuration = {
    target: "target",
    word: "select",
    url: "https://example.org/data/train.csv",
    bucket: "s3://bucket/data/train.csv",
    absolute: "/p/data/train.csv",
    query: "select *\nfrom data/train.csv",
    nul: "data/train.csv\0",
    empty: "",
    missing: "data/test.csv",
    long: `data/${"x".repeat(5000)}`,
  };
  expect(resolved(configuration)).toEqual(configuration);
});

test("what was rewritten is told with its place, however deep", () => {
  const { value, paths } = resolveDataPaths(
    { sets: [{ "a/b": "data/train.csv", rows: 3 }, null, true] },
    FOLDERS,
    (path) => (FILES.has(path) ? "file" : null),
  );
  expect(value).toEqual({ sets: [{ "a/b": "/p/m/data/train.csv", rows: 3 }, null, true] });
  expect(paths).toEqual([{ pointer: "/sets/0/a~1b", from: "data/train.csv", to: "/p/m/data/train.csv" }]);
});
