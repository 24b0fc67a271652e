import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** What `writeFileAtomically` and the result of a job are called until they are whole. */
const HALF_WRITTEN = /^(\.[0-9a-f]{16}|result\.json\.\d+)\.tmp$/;

/**
 * Removes files that a process which was killed had not written to their end. What the model itself wrote stays.
 * @param folders - absolute; those that are not there are passed over.
 * @param oldestMs - files that were changed later may still be written.
 * @returns how many there were.
 */
export async function sweepHalfWritten(folders: readonly string[], oldestMs: number): Promise<number> {
  let count = 0;
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => []);
    for (const path of names.filter((name) => HALF_WRITTEN.test(name)).map((name) => join(folder, name))) {
      const found = await stat(path).catch(() => null);
      if (found === null || found.mtimeMs > oldestMs) continue;
      await rm(path, { force: true });
      count++;
    }
  }
  return count;
}
