import { chmod, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { hasSystemCode } from "../../kernel/failure.ts";
import { explainWriteFault } from "../explain-write-fault.ts";

/**
 * Removes a folder and all in it; an absent one is fine. Links are removed, never followed.
 * @throws Failure `STATE_UNWRITABLE`.
 */
export async function removeFolder(path: string): Promise<void> {
  try {
    await removeTree(path);
  } catch (error) {
    throw explainWriteFault(error, path);
  }
}

async function removeTree(path: string): Promise<void> {
  // Retries: a process that is ending may still create a file while its folder goes.
  const options = { recursive: true, force: true, maxRetries: 3 };
  try {
    await rm(path, options);
  } catch (error) {
    if (!hasSystemCode(error, "EACCES", "EPERM")) throw error;
    // A model may leave folders that are not writable, and in those nothing can be removed.
    await makeFoldersWritable(path);
    await rm(path, options);
  }
}

async function makeFoldersWritable(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await makeFoldersWritable(join(folder, entry.name));
}
