import { expect, test } from "vitest";

import type { ExactJson } from "../ports/predictor.ts";
import { ColumnProfiler, MAX_PROFILED_ROWS, type ColumnProfile } from "./column-profile.ts";

function profilesOf(rows: readonly Readonly<Record<string, ExactJson>>[]): Readonly<Record<string, ColumnProfile>> {
  const profiler = new ColumnProfiler();
  for (const row of rows) profiler.add(row);
  return Object.fromEntries(profiler.profiles().map((profile) => [profile.name, profile]));
}

test("a column is told by its types, gaps, different values and range", () => {
  const rows = [
    { a: 1, b: "x" },
    { a: 2.5, b: "x" },
    { a: null, b: "x" },
    { b: "y", c: true },
    { a: 2.5, b: "y" },
  ];
  expect(profilesOf(rows)).toMatchObject({
    a: { types: ["float"], rowCount: 5, missingCount: 2, distinctCount: 2, range: { min: 1, max: 2.5, mean: 2 } },
    b: { types: ["string"], missingCount: 0, distinctCount: 2, range: null, histogram: null },
    c: { types: ["boolean"], missingCount: 4, distinctCount: 1 },
  });
  expect(profilesOf(rows)["b"]?.categories).toEqual([
    { value: "x", count: 3 },
    { value: "y", count: 2 },
  ]);
});

test("a histogram counts every number, integers of any size too", () => {
  const { a } = profilesOf([{ a: 0 }, { a: 10n ** 20n }, { a: 5 }]);
  expect(a).toMatchObject({ types: ["integer"], range: { min: 0, max: 1e20 } });
  expect(a?.histogram?.counts.reduce((sum, count) => sum + count, 0)).toBe(3);
});

test("values that nearly all differ are not listed", () => {
  const names = Array.from({ length: 10 }, (_, row) => ({ name: `person ${row}` }));
  expect(profilesOf(names)["name"]?.categories).toEqual([]);
});

test("a very long table is profiled by its beginning, and by a bounded number of different values", () => {
  const profiler = new ColumnProfiler();
  for (let row = 0; row < MAX_PROFILED_ROWS + 10; row++) profiler.add({ id: `row ${row}` });
  expect(profiler.isFull).toBe(true);
  expect(profiler.profiles()).toMatchObject([{ rowCount: MAX_PROFILED_ROWS, distinctCount: null, missingCount: 0 }]);
});
