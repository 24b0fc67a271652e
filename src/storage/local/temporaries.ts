import { randomUUID } from "node:crypto";
import { lstat, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

import { createFolders } from "../../files/folders/make-folders.ts";
import { locate, locateFolder } from "./locate.ts";
import { syncFolders } from "./sync-folders.ts";

/**
 * Objects are written here first, on the same file system, and linked to their key when they are whole.
 * No key begins with a dot, so nothing in here is ever an object.
 */
const FOLDER = ".temporary";

/** Absolute path for a new temporary file; its folder is made. */
export async function newTemporary(root: string): Promise<string> {
  await makeRoot(root);
  const folder = await locateFolder(root, FOLDER);
  await createFolders(folder);
  return join(folder, randomUUID());
}

async function makeRoot(root: string): Promise<void> {
  const topmost = await createFolders(root);
  if (topmost !== null) await syncFolders(root, dirname(topmost));
}

/** Removes temporaries whose process was killed. One that is being written is touched all the time, so age tells. */
export async function sweepTemporaries(root: string, olderThanMs: number): Promise<number> {
  const folder = await locate(root, FOLDER);
  if (folder === null) return 0;
  const before = Date.now() - olderThanMs;
  let removed = 0;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const stats = await lstat(path).catch(() => null);
    if (stats === null || stats.mtimeMs > before) continue;
    await rm(path, { force: true, recursive: true });
    removed++;
  }
  return removed;
}
