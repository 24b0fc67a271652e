import { readdir, rmdir } from "node:fs/promises";
import { join } from "node:path";

import { removeFolder } from "../../files/folders/remove-folder.ts";
import { makeTemporaryFolder } from "../../files/folders/temporary-folder.ts";
import { hasSystemCode } from "../../kernel/failure.ts";
import type { Services } from "../services.ts";

/** A folder that lives as long as what works in it. */
export interface WorkFolder {
  /** Absolute. */
  readonly path: string;
  readonly remove: () => Promise<void>;
}

/**
 * Makes a work folder below the one of this process, so that what a killed process leaves can be told by its name.
 * @throws Failure `STATE_UNWRITABLE`.
 */
export async function makeWorkFolder(services: Services): Promise<WorkFolder> {
  await sweepTemporaryFolders(services);
  const parent = join(services.folders.temporary, String(services.pid));
  const path = await makeTemporaryFolder(parent);
  return {
    path,
    remove: async () => {
      await removeFolder(path);
      for (const folder of [parent, services.folders.temporary]) await rmdir(folder).catch(() => undefined);
    },
  };
}

/** Removes the folders of processes that are gone; returns how many. */
export async function sweepTemporaryFolders({ folders }: Services): Promise<number> {
  const names = await readdir(folders.temporary).catch(() => []);
  const dead = names.filter((name) => /^\d+$/.test(name) && !isAlive(Number(name)));
  for (const name of dead) await removeFolder(join(folders.temporary, name));
  return dead.length;
}

/** True while there is a process of this id, of whomever. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive all the same.
    return !hasSystemCode(error, "ESRCH");
  }
}
