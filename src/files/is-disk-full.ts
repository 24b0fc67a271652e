import { statfs } from "node:fs/promises";

/** What a result or a record takes: with less than this nothing goes on. */
const LEAST_BYTES = 16 * 1024;

/** True when the file system of a folder has as good as no space left for this user; false where that is not told. */
export async function isDiskFull(folder: string): Promise<boolean> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize < LEAST_BYTES;
  } catch {
    return false;
  }
}
