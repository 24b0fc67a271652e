import { mkdirSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

import { hasSystemCode } from "../../kernel/failure.ts";
import { explainWriteFault } from "../explain-write-fault.ts";

/**
 * Makes a folder and those above it.
 * @throws Failure `STATE_UNWRITABLE`.
 */
export async function makeFolders(folder: string): Promise<void> {
  try {
    await createFolders(folder);
  } catch (error) {
    throw explainWriteFault(error, folder);
  }
}

/**
 * Like `makeFolders`, for those who explain faults themselves. Two traps: Node's own recursive `mkdir` says ENOENT where
 * the file system is read-only, and tries for ever where a folder is there that can have none inside, as `/proc`.
 * @returns the topmost folder that was made, or null when all were there.
 * @throws the system's error.
 */
export async function createFolders(folder: string): Promise<string | null> {
  try {
    return (await createFolder(folder)) ? folder : null;
  } catch (error) {
    if (!hasSystemCode(error, "ENOENT")) throw error;
  }
  const topmost = await createFolders(dirname(folder));
  const isMade = await createFolder(folder);
  return topmost ?? (isMade ? folder : null);
}

/** As `createFolders`, for those who cannot wait. */
export function createFoldersSync(folder: string): void {
  try {
    mkdirSync(folder);
    return;
  } catch (error) {
    if (hasSystemCode(error, "EEXIST")) return;
    if (!hasSystemCode(error, "ENOENT")) throw error;
  }
  createFoldersSync(dirname(folder));
  mkdirSync(folder);
}

/** False when it is there already. */
async function createFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if (hasSystemCode(error, "EEXIST")) return false;
    throw error;
  }
}
