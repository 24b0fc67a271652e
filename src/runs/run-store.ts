import { readdir } from "node:fs/promises";

import { mapConcurrently } from "../files/map-concurrently.ts";
import type { Clock } from "../kernel/clock.ts";
import { hasSystemCode, messageOf } from "../kernel/failure.ts";
import type { Log } from "../kernel/log.ts";
import type { RunKind, RunRecord, RunStatus } from "../model/run/run-record.ts";
import type { ActiveRun } from "./active-run.ts";
import { createRun, type RunStart } from "./create-run.ts";
import { isProcessAlive, processTableOnce, type ProcessIdentity } from "./process-identity.ts";
import { pickRun } from "./pick-run.ts";
import { readRun, type UnreadableRun } from "./read-run.ts";
import { listSummaries, type RunSummaries } from "./listing/list-summaries.ts";
import { runFolders, type RunFolders } from "./run-folders.ts";
import { isRunId } from "./run-id.ts";
import { sweepHalfWritten } from "./sweep-half-written.ts";

export type { RunSummaries } from "./listing/list-summaries.ts";
export type { ActiveRun, RunEnd, RunPatch } from "./active-run.ts";
export type { RunStart } from "./create-run.ts";
export type { UnreadableRun } from "./read-run.ts";
export type { RunFolders } from "./run-folders.ts";

export interface RunFilter {
  readonly model?: string | undefined;
  readonly definitionId?: string | undefined;
  /** Absolute. In a state folder that many projects share, definitions may have the same id by chance. */
  readonly definitionFolder?: string | undefined;
  readonly kind?: RunKind | undefined;
  readonly status?: RunStatus | undefined;
}

/** The runs of a state folder: one folder each. */
export interface RunStore {
  /** Makes the folders of a new run and writes its first record. @throws Failure `STATE_UNWRITABLE`. */
  create(start: RunStart): Promise<ActiveRun>;
  /**
   * @param id - a run's id, a beginning that only one run has, or `latest`.
   * @throws Failure `RUN_NOT_FOUND`, `RUN_AMBIGUOUS`, `JSON_MALFORMED`, `SCHEMA_MISMATCH`: the record is damaged; of
   * `latest` too, for an older run would be taken for the newest one.
   */
  read(id: string): Promise<RunRecord>;
  /** Newest first. Records that cannot be read are left out and logged; see `listUnreadable`. */
  list(filter?: RunFilter): Promise<readonly RunRecord[]>;
  listUnreadable(): Promise<readonly UnreadableRun[]>;
  /** What a list shows of every run: ten thousand of them in well under a second. */
  summaries(): Promise<RunSummaries>;
  /** The newest successful run that passes the filter, or null. */
  latestSucceeded(filter: Omit<RunFilter, "status">): Promise<RunRecord | null>;
  foldersOf(id: string): RunFolders;
  /** Removes what processes that were killed had not written to its end; returns how many files. */
  sweep(olderThanMs: number): Promise<number>;
}

export interface RunStoreDependencies {
  readonly clock: Clock;
  readonly log: Log;
  /** Name of this machine. */
  readonly host: string;
  /** Process that the runs created here belong to. */
  readonly pid: number;
  /** Whether a process of this machine still lives; by the process table unless told. */
  readonly isAlive?: ((process: ProcessIdentity) => boolean) | undefined;
}

const CONCURRENT_READS = 16;

/** @param folder - absolute; made with the first run. */
export function runStore(folder: string, deps: RunStoreDependencies): RunStore {
  const reading = { clock: deps.clock, host: deps.host, isAlive: deps.isAlive ?? isProcessAlive };
  const tryRead = async (id: string): Promise<RunRecord | UnreadableRun | null> => {
    try {
      return await readRun(runFolders(folder, id).run, reading);
    } catch (error) {
      deps.log("warn", "run.unreadable", { run: id, reason: messageOf(error) });
      return { id, reason: messageOf(error) };
    }
  };
  const readAll = async (): Promise<readonly (RunRecord | UnreadableRun | null)[]> =>
    mapConcurrently(await idsIn(folder), CONCURRENT_READS, tryRead);
  return {
    create: (start) => createRun(folder, start, deps),
    read: async (wanted) => pickRun(await idsIn(folder), wanted, (id) => readRun(runFolders(folder, id).run, reading)),
    list: async (filter = {}) => (await readAll()).filter(isRecord).filter((record) => passes(record, filter)),
    listUnreadable: async () => (await readAll()).filter((one): one is UnreadableRun => one !== null && !isRecord(one)),
    summaries: async () => {
      // All of a list's runs are held against one table of processes, taken after their records were read.
      const isAlive = deps.isAlive ?? processTableOnce();
      return listSummaries(folder, await idsIn(folder), { ...reading, isAlive, log: deps.log });
    },
    latestSucceeded: async (filter) => {
      for (const id of await idsIn(folder)) {
        const record = await tryRead(id);
        if (isRecord(record) && passes(record, { ...filter, status: "succeeded" })) return record;
      }
      return null;
    },
    foldersOf: (id) => runFolders(folder, id),
    sweep: async (olderThanMs) => {
      const runs = (await idsIn(folder)).map((id) => runFolders(folder, id));
      const folders = [folder, ...runs.flatMap(({ run, job }) => [run, job])];
      return sweepHalfWritten(folders, deps.clock.now().getTime() - olderThanMs);
    },
  };
}

/** Newest first: ids begin with the time. */
async function idsIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (hasSystemCode(error, "ENOENT")) return [];
    throw error;
  });
  return names.filter(isRunId).sort().reverse();
}

function isRecord(one: RunRecord | UnreadableRun | null): one is RunRecord {
  return one !== null && "schemaVersion" in one;
}

function passes(record: RunRecord, { model, definitionId, definitionFolder, kind, status }: RunFilter): boolean {
  return (
    (definitionFolder === undefined || record.definition.folder === definitionFolder) &&
    (model === undefined || record.model === model) &&
    (definitionId === undefined || record.definition.id === definitionId) &&
    (kind === undefined || record.kind === kind) &&
    (status === undefined || record.status === status)
  );
}
