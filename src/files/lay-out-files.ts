import { link } from "node:fs/promises";
import { dirname } from "node:path";

import { hasSystemCode } from "../kernel/failure.ts";
import { copyWritable } from "./copy-file.ts";
import { explainWriteFault } from "./explain-write-fault.ts";
import { makeFolders } from "./folders/make-folders.ts";
import { mapConcurrently } from "./map-concurrently.ts";
import { resolveInside } from "./resolve-inside.ts";

/** A file that stands in a folder under one or more names. */
export interface LaidOutFile {
  /** Absolute path of the bytes. Always copied: what runs in the folder may write into its files. */
  readonly source: string;
  /** Paths below the folder, with `/`. The second and later ones are hard links to the first. */
  readonly paths: readonly [string, ...string[]];
}

const CONCURRENT_FILES = 8;

/**
 * Copies files into a folder; folders on the way are made.
 * @throws Failure `STATE_UNWRITABLE`, `PATH_ESCAPES_ROOT`.
 */
export async function layOutFiles(folder: string, files: readonly LaidOutFile[]): Promise<void> {
  await mapConcurrently(files, CONCURRENT_FILES, async ({ source, paths: [first, ...others] }) => {
    const copy = resolveInside(folder, first);
    await copyWritable(source, copy);
    for (const other of others) await linkOrCopy(copy, resolveInside(folder, other));
  });
}

async function linkOrCopy(existing: string, target: string): Promise<void> {
  await makeFolders(dirname(target));
  try {
    await link(existing, target);
  } catch (error) {
    // Some network and container file systems know no hard links.
    if (!hasSystemCode(error, "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EXDEV", "EMLINK"))
      throw explainWriteFault(error, target);
    await copyWritable(existing, target);
  }
}
