import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { PRETRAINED_ENDINGS } from "./publish-file.ts";

test("the endings that are accepted are those that the shipped scorer opens", async () => {
  const scorer = join(import.meta.dirname, "../../../runtimes/python/pretrained/model_modules/scoring.py");
  const table = /^_LOADERS = \{([\s\S]*?)^\}/m.exec(await readFile(scorer, "utf8"))?.[1] ?? "";
  expect([...table.matchAll(/"(\.\w+)":/g)].map((match) => match[1])).toEqual(PRETRAINED_ENDINGS);
});
