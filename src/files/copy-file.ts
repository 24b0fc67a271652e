import { constants } from "node:fs";
import { chmod, copyFile, stat } from "node:fs/promises";
import { dirname } from "node:path";

import { explainWriteFault } from "./explain-write-fault.ts";
import { makeFolders } from "./folders/make-folders.ts";

const OWNER_MAY_WRITE = 0o200;

/**
 * Copies one file so that its owner may write the copy, even where the original is read-only. Folders on the way are
 * made, an existing file is replaced, and blocks are shared where the file system can.
 * @throws Failure `STATE_UNWRITABLE`.
 */
export async function copyWritable(source: string, target: string): Promise<void> {
  await makeFolders(dirname(target));
  try {
    await copyFile(source, target, constants.COPYFILE_FICLONE);
    const { mode } = await stat(target);
    if ((mode & OWNER_MAY_WRITE) === 0) await chmod(target, mode | OWNER_MAY_WRITE);
  } catch (error) {
    throw explainWriteFault(error, target);
  }
}
