import { rmdir, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { isInside } from "../../files/resolve-inside.ts";
import { hasSystemCode } from "../../kernel/failure.ts";
import { parseKey } from "../object-key.ts";
import { locate } from "./locate.ts";

/** Deletes an object and the folders that it leaves empty, which are no part of the store. */
export async function deleteObject(root: string, key: string): Promise<void> {
  const folder = await locate(root, dirname(parseKey(key)));
  if (folder === null) return;
  try {
    await unlink(join(folder, basename(key)));
  } catch (error) {
    if (!hasSystemCode(error, "ENOENT", "ENOTDIR", "EISDIR")) throw error;
  }
  await removeEmptyFolders(root, dirname(join(root, key)));
}

async function removeEmptyFolders(root: string, start: string): Promise<void> {
  for (let folder = start; folder !== root && isInside(root, folder); folder = dirname(folder)) {
    // Not empty, gone, or made again by somebody else this moment: all fine.
    const isRemoved = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (!isRemoved) return;
  }
}
