import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

import { FLOORS } from "../src/floors.ts";

const SOURCE = resolve(import.meta.dirname, "../src");

/** `src/store/claims/x.ts` → `store`; files directly in `src/` have no folder. */
function folderOf(file: string): string | null {
  const parts = relative(SOURCE, file).split(sep);
  return parts.length > 1 ? (parts[0] ?? null) : null;
}

function floorOf(folder: string): number {
  return FLOORS.findIndex((floor) => floor.includes(folder));
}

async function sourceFiles(): Promise<string[]> {
  const entries = await readdir(SOURCE, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name));
}

function importsOf(file: string, text: string): string[] {
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map((imported) => imported.fileName)
    .filter((name) => name.startsWith("."))
    .map((name) => resolve(dirname(file), name));
}

/** Every import that climbs a floor or meets a sibling, as `from → to`. */
async function trespasses(): Promise<string[]> {
  const found: string[] = [];
  for (const file of await sourceFiles()) {
    const from = folderOf(file);
    if (from === null) continue;
    for (const target of importsOf(file, await readFile(file, "utf8"))) {
      const to = folderOf(target);
      if (to === null || to === from) continue;
      if (floorOf(to) >= floorOf(from)) found.push(`${relative(SOURCE, file)} → ${relative(SOURCE, target)}`);
    }
  }
  return found;
}

test("every folder of src/ stands on a floor", async () => {
  const folders = new Set((await sourceFiles()).map(folderOf).filter((folder) => folder !== null));
  expect([...folders].filter((folder) => floorOf(folder) === -1)).toEqual([]);
});

test("a file imports from lower floors and its own folder only", async () => {
  expect(await trespasses()).toEqual([]);
});

test("no folder of src/ has more than twelve source files", async () => {
  const counts = new Map<string, number>();
  for (const file of await sourceFiles()) {
    if (file.endsWith(".test.ts")) continue;
    const folder = relative(SOURCE, dirname(file));
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  expect([...counts].filter(([, count]) => count > 12)).toEqual([]);
});

test("the environment of the process is read in one file", async () => {
  const readers: string[] = [];
  for (const file of await sourceFiles()) {
    if (!file.endsWith(".test.ts") && (await readFile(file, "utf8")).includes("process.env"))
      readers.push(relative(SOURCE, file));
  }
  expect(readers).toEqual([join("app", "read-process.ts")]);
});
