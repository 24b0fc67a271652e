import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import * as z from "zod";

import { silentLog } from "../kernel/log.ts";
import { recallAnswer, rememberAnswer } from "./remembered-answer.ts";

const LONG_AGO = new Date("2020-01-01");

async function makePlace(): Promise<{ readonly folder: string; readonly file: string }> {
  const root = await mkdtemp(join(tmpdir(), "modelwright-test-"));
  onTestFinished(() => rm(root, { recursive: true }));
  const folder = join(root, "watched");
  await mkdir(folder);
  await utimes(folder, LONG_AGO, LONG_AGO);
  return { folder, file: join(root, "cache", "answer.json") };
}

test("an answer is recalled until something that it depends on changes", async () => {
  const { folder, file } = await makePlace();
  const watched = [folder, join(folder, "absent")];
  await rememberAnswer(file, { value: "yes", watched, askedAtMs: Date.now() }, silentLog);
  expect(await recallAnswer(file, z.string())).toBe("yes");
  expect(await recallAnswer(file, z.number())).toBeNull();
  await writeFile(join(folder, "absent"), "");
  await utimes(folder, LONG_AGO, LONG_AGO);
  expect(await recallAnswer(file, z.string())).toBeNull();
});

test("an answer that depends on something new is not remembered, for it could change unseen", async () => {
  const { folder, file } = await makePlace();
  await utimes(folder, new Date(), new Date());
  await rememberAnswer(file, { value: "yes", watched: [folder], askedAtMs: Date.now() }, silentLog);
  expect(await recallAnswer(file, z.string())).toBeNull();
});

test("a cache that cannot be read or written is as good as none", async () => {
  const { folder, file } = await makePlace();
  await writeFile(join(folder, "file"), "");
  await rememberAnswer(join(folder, "file", "x.json"), { value: 1, watched: [], askedAtMs: 0 }, silentLog);
  expect(await recallAnswer(join(folder, "file", "x.json"), z.number())).toBeNull();
  await mkdir(join(file, ".."));
  await writeFile(file, "{torn");
  expect(await recallAnswer(file, z.number())).toBeNull();
});
