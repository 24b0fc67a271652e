import { link } from "node:fs/promises";
import { dirname } from "node:path";

import { Failure, hasSystemCode } from "../kernel/failure.ts";
import { copyWritable } from "./copy-file.ts";
import { digestFile } from "./digest-file.ts";
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
  /** Digest that the bytes must have; left out: any. */
  readonly sha256?: string | undefined;
}

const CONCURRENT_FILES = 8;

/**
 * Copies files into a folder; folders on the way are made.
 * @throws Failure `STATE_UNWRITABLE`, `PATH_ESCAPES_ROOT`, `STORE_CORRUPT` for a file without the digest that it must have.
 */
export async function layOutFiles(folder: string, files: readonly LaidOutFile[]): Promise<void> {
  await mapConcurrently(files, CONCURRENT_FILES, async ({ source, paths: [first, ...others], sha256 }) => {
    const copy = resolveInside(folder, first);
    await copyWritable(source, copy);
    if (sha256 !== undefined) await requireDigest(copy, source, sha256);
    for (const other of others) await linkOrCopy(copy, resolveInside(folder, other));
  });
}

async function requireDigest(copy: string, source: string, expected: string): Promise<void> {
  const { sha256 } = await digestFile(copy);
  if (sha256 === expected) return;
  throw new Failure("STORE_CORRUPT", {
    message: `The file ${source} is damaged or was changed: it does not have the digest that was recorded for it.`,
    hint: "Train again, or restore the file from a copy.",
    details: { path: source, expected, found: sha256 },
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
