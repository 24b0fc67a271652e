import { join } from "node:path";

import { writeFileAtomically, writeFileAtomicallyNow } from "../files/write-file-atomically.ts";
import type { Clock } from "../kernel/clock.ts";
import { messageOf } from "../kernel/failure.ts";
import type { Log } from "../kernel/log.ts";
import type { RunRecord } from "../model/run/run-record.ts";
import type { RunFolders } from "./run-folders.ts";

/** What is found out while a run goes on. */
export type RunPatch = Partial<
  Pick<
    RunRecord,
    | "git"
    | "dataDigests"
    | "dataRows"
    | "dataQueries"
    | "code"
    | "reproduces"
    | "environment"
    | "seeds"
    | "threads"
    | "machine"
    | "peakMemoryBytes"
    | "metrics"
    | "platformMetrics"
    | "artifacts"
    | "configurations"
    | "besideCode"
    | "changedInProject"
    | "failure"
    | "source"
  >
>;

export interface RunEnd extends RunPatch {
  readonly status: "succeeded" | "failed" | "interrupted";
}

/** A run of this process, from its first record to its last. */
export interface ActiveRun {
  readonly id: string;
  readonly folders: RunFolders;
  /** The record as it stands. */
  record(): RunRecord;
  /** Adds to the record. @throws Failure `STATE_UNWRITABLE`. */
  update(patch: RunPatch): Promise<void>;
  /**
   * Writes the last record; the first end counts, later ones change nothing.
   * @throws Failure `STATE_UNWRITABLE`; the run then reads lost once this process is gone.
   */
  finish(end: RunEnd): Promise<RunRecord>;
  /** Like `finish`, while the process exits: synchronously. @throws Failure `STATE_UNWRITABLE`. */
  finishNow(end: RunEnd): void;
}

export const HEARTBEAT_MS = 5_000;

interface ActiveRunDependencies {
  readonly folders: RunFolders;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Writes `first`, and goes on renewing the heartbeat until the run is finished.
 * @throws Failure `STATE_UNWRITABLE`.
 */
export async function beginRun(first: RunRecord, { folders, clock, log }: ActiveRunDependencies): Promise<ActiveRun> {
  const startedAtMs = clock.monotonicMs();
  let current = first;
  let writing: Promise<void> = Promise.resolve();
  const path = join(folders.run, "run.json");
  const change = (patch: Partial<RunRecord>): string => {
    current = { ...current, ...patch, heartbeatAt: clock.now().toISOString() };
    return `${JSON.stringify(current, null, 2)}\n`;
  };
  const ended = (end: RunEnd): Partial<RunRecord> => {
    if (current.endedAt !== null) return {};
    const durationMs = Math.round(clock.monotonicMs() - startedAtMs);
    return { ...end, endedAt: clock.now().toISOString(), durationMs };
  };
  const write = (patch: Partial<RunRecord>): Promise<void> => {
    const text = change(patch);
    // One after the other, so that an older record never overwrites a newer one.
    const written = writing.then(() => writeFileAtomically(path, text));
    writing = written.catch(() => undefined);
    return written;
  };
  await write({});
  const heartbeat = setInterval(() => {
    write({}).catch((error: unknown) =>
      log("warn", "run.heartbeatFailed", { run: first.id, reason: messageOf(error) }),
    );
  }, HEARTBEAT_MS).unref();
  return {
    id: first.id,
    folders,
    record: () => current,
    update: write,
    finish: async (end) => {
      clearInterval(heartbeat);
      if (current.endedAt === null) await write(ended(end));
      return current;
    },
    finishNow: (end) => writeFileAtomicallyNow(path, change(ended(end))),
  };
}
