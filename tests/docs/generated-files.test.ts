import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { generatedFiles } from "../../scripts/generated-docs/generated-files.ts";
import { ERROR_CODES } from "../../src/kernel/error-codes.ts";
import { ROOT } from "./support/markdown.ts";

test("pages and schemas that are made from the code are up to date: npm run docs", async () => {
  for (const [path, text] of await generatedFiles())
    expect(readFileSync(join(ROOT, path), "utf8"), `${path} is stale: run npm run docs`).toBe(text);
});

test("no schema is published that the code does not make", async () => {
  const made = [...(await generatedFiles()).keys()].filter((path) => path.startsWith("schemas/"));
  const found = readdirSync(join(ROOT, "schemas"), { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".json"),
  );
  expect(found.map((path) => `schemas/${path}`).sort()).toEqual(made.sort());
});

test("the page of errors lists every code once, and no others", () => {
  const page = readFileSync(join(ROOT, "docs/errors.md"), "utf8");
  const listed = [...page.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code]) => code);
  expect(listed).toEqual(Object.keys(ERROR_CODES));
});
