import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

import { isAlive, sweepTemporaryFolders } from "../running/temporary-folders.ts";
import type { Services } from "../services.ts";

const DAY_MS = 24 * 3_600_000;
/** Longer than any publication takes. */
const STALE_PUBLICATION_MS = DAY_MS;
/** How long what a model printed is worth reading after it was last written to. */
const STALE_LOG_MS = 30 * DAY_MS;

/** `<model>-<time>-<process id of the tool>.log` */
const LOG_NAME = /-(\d+)\.log$/;

/** What cleaning up removed. */
export interface CleanUpReport {
  readonly abandoned: number;
  readonly files: number;
  readonly folders: number;
  readonly logs: number;
  /** Keys of claims in the store that cannot be read, so that they are left alone. */
  readonly unreadable: readonly string[];
}

/** Gives up unfinished publications, and removes what killed processes left and the logs of old ones. */
export async function cleanUp(services: Services): Promise<CleanUpReport> {
  const folders = await sweepTemporaryFolders(services);
  const logs = await sweepLogs(services);
  const halfFiles = await services.runs.sweep(DAY_MS);
  const { abandoned, deletedFiles, sweptTemporaries, unreadable } = await services.store.collect({
    olderThanMs: STALE_PUBLICATION_MS,
    dryRun: false,
  });
  return { abandoned: abandoned.length, files: deletedFiles + sweptTemporaries + halfFiles, folders, logs, unreadable };
}

/** Removes what models printed long ago, but never of a server that still runs: quiet models print nothing for months. */
async function sweepLogs({ folders, clock }: Services): Promise<number> {
  const oldestMs = clock.now().getTime() - STALE_LOG_MS;
  let count = 0;
  for (const name of await readdir(folders.logs).catch(() => [])) {
    const [, pid] = LOG_NAME.exec(name) ?? [];
    const path = join(folders.logs, name);
    if (pid === undefined || isAlive(Number(pid)) || (await stat(path)).mtimeMs > oldestMs) continue;
    await rm(path, { force: true });
    count++;
  }
  return count;
}
