import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

import { hasSystemCode } from "../../kernel/failure.ts";

/**
 * Makes a folder and those above it. A trap: Node's own recursive `mkdir` says ENOENT where the file system is read-only.
 * @returns the topmost folder that was made, or null when all were there.
 */
export async function makeFolders(folder: string): Promise<string | null> {
  try {
    return (await makeFolder(folder)) ? folder : null;
  } catch (error) {
    if (!hasSystemCode(error, "ENOENT")) throw error;
  }
  const topmost = await makeFolders(dirname(folder));
  const isMade = await makeFolder(folder);
  return topmost ?? (isMade ? folder : null);
}

/** False when it is there already. */
async function makeFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if (hasSystemCode(error, "EEXIST")) return false;
    throw error;
  }
}
