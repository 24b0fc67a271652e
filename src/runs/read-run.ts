import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Clock } from "../kernel/clock.ts";
import { Failure, hasSystemCode, messageOf } from "../kernel/failure.ts";
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
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (hasSystemCode(error, "ENOENT", "ENOTDIR")) return null;
    throw new Failure("FILE_NOT_FOUND", { message: `${path} cannot be read: ${messageOf(error)}`, cause: error });
  });
  if (text === null) return null;
  const record = parse(runRecordSchema, parseJson(text, path), path);
  return isLost(record, deps) ? { ...record, status: "lost" } : record;
}

/** Of a process on another machine only the heartbeat tells. */
function isLost({ status, process, heartbeatAt }: RunRecord, { clock, host, isAlive }: ReadRunDependencies): boolean {
  if (status !== "running") return false;
  if (process.host === host) return !isAlive(process);
  return clock.now().getTime() - Date.parse(heartbeatAt) > LOST_AFTER_MS;
}
