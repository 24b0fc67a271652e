import { stat, truncate, writeFile } from "node:fs/promises";

import { hasSystemCode, messageOf } from "../kernel/failure.ts";
import type { Log } from "../kernel/log.ts";
import { readTail } from "./read-tail.ts";

const INTERVAL_MS = 1_000;

export interface LogBound {
  readonly path: string;
  readonly limitBytes: number;
  readonly log: Log;
}

/**
 * Keeps a log file that a process writes by descriptor from filling the disk: looks every second, and when the file is
 * over its limit keeps the last quarter as `<path>.1` and empties it. The process must have been given a descriptor
 * that appends, else it goes on at its old offset and leaves a hole. What it writes in that very moment may be lost.
 * @returns a function that ends this.
 */
export function boundLog(bound: LogBound): () => void {
  let isBusy = false;
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    void cutIfTooLong(bound)
      .catch((error: unknown) => bound.log("warn", "log.uncut", { path: bound.path, reason: messageOf(error) }))
      .finally(() => (isBusy = false));
  }, INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Looks once. Exported for its test. */
export async function cutIfTooLong({ path, limitBytes, log }: LogBound): Promise<void> {
  const { size } = await stat(path).catch((error: unknown) => {
    if (hasSystemCode(error, "ENOENT")) return { size: 0 };
    throw error;
  });
  if (size <= limitBytes) return;
  await writeFile(`${path}.1`, await readTail(path, Math.floor(limitBytes / 4)));
  await truncate(path, 0);
  log("warn", "log.cut", { path, sizeBytes: size, limitBytes });
}
