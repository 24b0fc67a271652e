import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import * as z from "zod";
import type { ZodType } from "zod";

import { makeFolders } from "../files/folders/make-folders.ts";
import { writeFileAtomically } from "../files/write-file-atomically.ts";
import { messageOf } from "../kernel/failure.ts";
import type { Log } from "../kernel/log.ts";

// File systems round times, some to two seconds: what changed so shortly before could change again unseen.
const TIME_GRAIN_MS = 2_000;

const rememberedSchema = z.object({ stamps: z.record(z.string(), z.string()), answer: z.unknown() });

/**
 * An answer that was remembered and still holds: none of the files that it depends on has changed. Null otherwise.
 * @param file - absolute path that `rememberAnswer` was given.
 */
export async function recallAnswer<T>(file: string, schema: ZodType<T>): Promise<T | null> {
  try {
    const { stamps, answer } = rememberedSchema.parse(JSON.parse(await readFile(file, "utf8")));
    const isStale = Object.entries(stamps).some(([path, stamp]) => stampOf(path).text !== stamp);
    return isStale ? null : schema.parse(answer);
  } catch {
    // Absent, of an older release, or damaged: the answer is simply found again.
    return null;
  }
}

/** What a program answered, and what it depends on. */
export interface Answer {
  readonly value: unknown;
  /** Absolute paths of files and folders (then: their lists of names) that may also be absent. */
  readonly watched: readonly string[];
  /** Wall-clock milliseconds just before the program was started. */
  readonly askedAtMs: number;
}

/** Remembers an answer, unless something that it depends on is so new that a further change could go unseen. */
export async function rememberAnswer(file: string, { value, watched, askedAtMs }: Answer, log: Log): Promise<void> {
  const stamps = watched.map((path) => [path, stampOf(path)] as const);
  if (stamps.some(([, { changedAtMs }]) => changedAtMs > askedAtMs - TIME_GRAIN_MS)) return;
  const remembered = { stamps: Object.fromEntries(stamps.map(([path, { text }]) => [path, text])), answer: value };
  try {
    await makeFolders(dirname(file));
    await writeFileAtomically(file, JSON.stringify(remembered));
  } catch (error) {
    log("debug", "environment.notRemembered", { path: file, reason: messageOf(error) });
  }
}

function stampOf(path: string): { readonly text: string; readonly changedAtMs: number } {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) return { text: "absent", changedAtMs: 0 };
  return { text: `${stats.mtimeNs} ${stats.size} ${stats.ino}`, changedAtMs: Number(stats.mtimeMs) };
}
