import { sweepTemporaryFolders } from "../running/temporary-folders.ts";
import type { Services } from "../services.ts";

/** Longer than any publication takes. */
const STALE_PUBLICATION_MS = 24 * 3_600_000;

/** What cleaning up removed. */
export interface CleanUpReport {
  readonly abandoned: number;
  readonly files: number;
  readonly folders: number;
}

/** Gives up unfinished publications and removes the work folders of processes that were killed. */
export async function cleanUp(services: Services): Promise<CleanUpReport> {
  const folders = await sweepTemporaryFolders(services);
  const { abandoned, deletedFiles, sweptTemporaries } = await services.store.collect({
    olderThanMs: STALE_PUBLICATION_MS,
    dryRun: false,
  });
  return { abandoned: abandoned.length, files: deletedFiles + sweptTemporaries, folders };
}
