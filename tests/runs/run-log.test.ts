import { appendFile, mkdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { readRunLog, type LogPart, type LogStream } from "../../src/runs/log/read-run-log.ts";
import { runFolders, type RunFolders } from "../../src/runs/run-folders.ts";
import { testFolder } from "../process/support/test-folder.ts";

const SIGNAL = new AbortController().signal;

async function testRun(): Promise<RunFolders> {
  const folders = runFolders(await testFolder(), "20261121-101500-000001");
  await mkdir(folders.job, { recursive: true });
  return folders;
}

async function readAll(folders: RunFolders, streams: readonly LogStream[] = ["stdout", "stderr"]): Promise<string[]> {
  const parts: string[] = [];
  for await (const { stream, text } of readRunLog(folders, { streams, isOver: null, signal: SIGNAL }))
    parts.push(`${stream}: ${text}`);
  return parts;
}

test("a log is given stream by stream, in whole lines, also a last one without an end", async () => {
  const folders = await testRun();
  await writeFile(join(folders.job, "stdout.log"), "one\ntwo\nthree");
  await writeFile(join(folders.job, "stderr.log"), "careful\n");
  expect(await readAll(folders)).toEqual(["stdout: one\ntwo", "stdout: three", "stderr: careful"]);
  expect(await readAll(folders, ["stderr"])).toEqual(["stderr: careful"]);
});

test("a run that never printed has an empty log", async () => {
  expect(await readAll(await testRun())).toEqual([]);
});

test("a log that is longer than what is read at once loses nothing, also of long characters", async () => {
  const folders = await testRun();
  const text = Array.from({ length: 60_000 }, (_, line) => `zeile ${line} ß€😀\n`).join("");
  await writeFile(join(folders.job, "stdout.log"), text);
  expect((await readAll(folders, ["stdout"])).map((part) => `${part.slice("stdout: ".length)}\n`).join("")).toBe(text);
});

test("following gives what comes later, survives a cut of the file, and ends with the run's last words", async () => {
  const folders = await testRun();
  const file = join(folders.job, "stdout.log");
  await writeFile(file, "begin\nhalf a");
  let isOver = false;
  const parts: LogPart[] = [];
  const steps: Readonly<Record<string, () => Promise<void>>> = {
    begin: () => appendFile(file, " line\n"),
    "half a line": async () => {
      await truncate(file, 0);
      await appendFile(file, "cut\n");
    },
    cut: async () => {
      await appendFile(file, "last words");
      isOver = true;
    },
  };
  const request = { streams: ["stdout"], isOver: () => Promise.resolve(isOver), signal: SIGNAL } as const;
  for await (const part of readRunLog(folders, request)) {
    parts.push(part);
    await steps[part.text]?.();
  }
  expect(parts.map(({ text }) => text)).toEqual(["begin", "half a line", "cut", "last words"]);
});

test("following stops when it is interrupted", async () => {
  const folders = await testRun();
  const request = {
    streams: ["stdout"],
    isOver: () => Promise.resolve(false),
    signal: AbortSignal.timeout(20),
  } as const;
  const reading = async () => {
    for await (const part of readRunLog(folders, request)) expect(part).toBeUndefined();
  };
  await expect(reading()).rejects.toThrow();
});
