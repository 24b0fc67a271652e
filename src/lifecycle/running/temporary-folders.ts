import { rmdirSync, rmSync } from "node:fs";
import { readdir, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";

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

/** Work folders that are not removed yet. Per process by nature, hence a module's state. */
const own = new Set<string>();

/**
 * Makes a work folder below the one of this process, so that what a killed process leaves can be told by its name.
 * @throws Failure `STATE_UNWRITABLE`.
 */
export async function makeWorkFolder(services: Services): Promise<WorkFolder> {
  await sweepTemporaryFolders(services);
  const parent = join(services.folders.temporary, String(services.pid));
  const path = await makeTemporaryFolder(parent);
  removeAtExit(path);
  return {
    path,
    remove: async () => {
      await removeFolder(path);
      own.delete(path);
      for (const folder of [parent, services.folders.temporary]) await rmdir(folder).catch(() => undefined);
    },
  };
}

/** For a process that ends before its work does, as at a second Ctrl-C. */
function removeAtExit(folder: string): void {
  if (!process.listeners("exit").includes(removeOwn)) process.on("exit", removeOwn);
  own.add(folder);
}

function removeOwn(): void {
  for (const folder of own) {
    try {
      rmSync(folder, { recursive: true, force: true });
      rmdirSync(dirname(folder));
      rmdirSync(dirname(dirname(folder)));
    } catch {
      // Other work is beside it, or a process that was just killed still wrote: the next one clears up.
    }
  }
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
