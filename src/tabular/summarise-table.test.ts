import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { TableSummarizer } from "../model/definition/table-summary.ts";
import { streamTable } from "./read-rows.ts";
import { summariseTable } from "./summarise-table.ts";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "modelwright-summary-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

test.each([
  ["rows.csv", "a,b,c\n1,x,true\n2,y,false\n"],
  ["rows.csv", "a,b\n,1\nNA,2.5\n3,NA\n"],
  ["rows.csv", "zip,flag,mixed\n100,true,1\n200,no,true\n007,yes,x\n"],
  ["rows.csv", 'a,b\n1,"x, y"\n1e3,2024-03-01\n9007199254740993,\n'],
  ["rows.tsv", "a\tb\n1\t2\n1.5\tx\n"],
  ["rows.jsonl", '{"a": 1}\n{"a": "x", "b": null}\n'],
  ["rows.json", '[{"a": 1}, {"a": 2.5}]'],
])("%s is summed up as its rows are read: %j", async (name, text) => {
  const path = join(folder, name);
  await writeFile(path, text);
  const summarizer = new TableSummarizer();
  for await (const row of streamTable(path)) summarizer.add(row);
  expect(await summariseTable(path, new AbortController().signal)).toEqual(summarizer.summary());
});

test("a signal ends it", async () => {
  const path = join(folder, "rows.csv");
  await writeFile(path, "a\n1\n");
  await expect(summariseTable(path, AbortSignal.abort(new Error("stopped")))).rejects.toThrow("stopped");
});

test("a file that is not there is said to be missing", async () => {
  const summary = summariseTable(join(folder, "none.csv"), new AbortController().signal);
  await expect(summary).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
});
