import { expect, test } from "vitest";

import { selectDefinitionFolders } from "./find-definitions.ts";

test("a model.json inside a definition belongs to it", () => {
  const folders = ["models/b", "models/a/artifacts", "models/a", "models/a/x/y", "./models/c/", "models/ab"];
  expect(selectDefinitionFolders(folders)).toEqual(["models/a", "models/ab", "models/b", "models/c"]);
  expect(selectDefinitionFolders(["/p/models/a/b", "/p/models/a"])).toEqual(["/p/models/a"]);
});

test("a stray model.json in models/ itself hides no definition", () => {
  expect(selectDefinitionFolders(["/p/models", "/p/models/a", "/p/models/a/models"])).toEqual([
    "/p/models",
    "/p/models/a",
  ]);
});
