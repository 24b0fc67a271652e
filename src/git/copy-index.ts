import { copyFile, stat, utimes } from "node:fs/promises";

import { hasSystemCode } from "../kernel/failure.ts";

/** Copies the index of a repository, so that git, which refreshes the index when it compares, leaves the real one alone. */
export async function copyIndex(index: string, copy: string): Promise<void> {
  try {
    const { mtime } = await stat(index);
    await copyFile(index, copy);
    // Git trusts a file's time and size only if the file is older than the index. A copy that looks newer than it is
    // would hide changes that were made in the index's own second; one that looks older only costs a comparison.
    const seconds = Math.floor(mtime.getTime() / 1000);
    await utimes(copy, seconds, seconds);
  } catch (error) {
    // A repository in which nothing was ever added has no index.
    if (!hasSystemCode(error, "ENOENT")) throw error;
  }
}
