import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { Clock } from "../kernel/clock.ts";
import { Failure, hasSystemCode, hinted, messageOf } from "../kernel/failure.ts";
import { parse, parseJson } from "../kernel/parse.ts";
import type { RunRecord } from "../model/run/run-record.ts";
import type { ProcessIdentity } from "./process-identity.ts";
import { runRecordSchema } from "./run-record-schema.ts";

/** A run folder whose `run.json` cannot be understood. */
export interface UnreadableRun {
  readonly id: string;
  readonly reason: string;
}

export interface ReadRunDependencies {
  readonly clock: Clock;
  /** Name of this machine. */
  readonly host: string;
  readonly isAlive: (process: ProcessIdentity) => boolean;
}

/** Twelve heartbeats: longer than a machine that swaps or a slow network file system takes for one. */
const LOST_AFTER_MS = 60_000;

/**
 * Reads `run.json`, a run whose process is gone as `lost`. Null where there is none: the run is just being created.
 * @throws Failure `JSON_MALFORMED`, `SCHEMA_MISMATCH`, `FILE_NOT_FOUND` (unreadable).
 */
export async function readRun(folder: string, deps: ReadRunDependencies): Promise<RunRecord | null> {
  const path = join(folder, "run.json");
  const text = await readFile(path, "utf8").catch((error: unknown) => absentOrUnreadable(path, error));
  return text === null ? null : asReadNow(parseRecord(text, path), deps);
}

/** Like `readRun`, as it is written: nobody has looked whether the process lives. */
export function readRunSync(folder: string): RunRecord | null {
  const path = join(folder, "run.json");
  let text: string | null;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    text = absentOrUnreadable(path, error);
  }
  return text === null ? null : parseRecord(text, path);
}

function absentOrUnreadable(path: string, error: unknown): null {
  if (hasSystemCode(error, "ENOENT", "ENOTDIR")) return null;
  throw new Failure("FILE_NOT_FOUND", { message: `${path} cannot be read: ${messageOf(error)}`, cause: error });
}

function parseRecord(text: string, path: string): RunRecord {
  try {
    return parse(runRecordSchema, parseJson(text, path), path);
  } catch (error) {
    throw hinted(error, `Restore the file from a copy, or remove ${dirname(path)}: other runs are not affected.`);
  }
}

/** A record, or its summary, with what can only be told now: `lost` instead of `running`. */
export function asReadNow<T extends Pick<RunRecord, "status" | "process" | "heartbeatAt">>(
  record: T,
  deps: ReadRunDependencies,
): T {
  return isLost(record, deps) ? { ...record, status: "lost" } : record;
}

/** Of a process on another machine only the heartbeat tells. */
function isLost(
  { status, process, heartbeatAt }: Pick<RunRecord, "status" | "process" | "heartbeatAt">,
  { clock, host, isAlive }: ReadRunDependencies,
): boolean {
  if (status !== "running") return false;
  if (process.host === host) return !isAlive(process);
  return clock.now().getTime() - Date.parse(heartbeatAt) > LOST_AFTER_MS;
}
