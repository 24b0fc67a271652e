import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");
const MOST_LINES = 250;

/** ESLint sees to those in TypeScript. */
test.each(["python/src", "runtimes/python"])("no file of Python in %s has more than 250 lines", async (folder) => {
  const names = await readdir(join(ROOT, folder), { recursive: true });
  const files = names.filter((name) => name.endsWith(".py"));
  expect(files.length).toBeGreaterThan(10);
  const texts = await Promise.all(files.map((name) => readFile(join(ROOT, folder, name), "utf8")));
  expect(files.filter((_, index) => (texts[index] ?? "").split("\n").length - 1 > MOST_LINES)).toEqual([]);
});
