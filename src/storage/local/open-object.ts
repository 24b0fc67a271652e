import { constants } from "node:fs";
import { open, realpath, type FileHandle } from "node:fs/promises";
import { join } from "node:path";

import { isInside } from "../../files/resolve-inside.ts";
import { Failure, hasSystemCode } from "../../kernel/failure.ts";
import { parseKey } from "../object-key.ts";

// Without O_NONBLOCK, opening a named pipe that somebody put there would wait for ever.
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** The file of a key, or null when there is no regular file. Who calls this closes it. */
export async function openObject(root: string, key: string): Promise<FileHandle | null> {
  const path = await locate(root, parseKey(key));
  if (path === null) return null;
  const file = await orNull(open(path, FLAGS));
  if (file === null) return null;
  if ((await file.stat()).isFile()) return file;
  await file.close();
  return null;
}

/**
 * The absolute path of a key or folder without links, or null when there is nothing.
 * @throws Failure `PATH_ESCAPES_ROOT` when a symbolic link leads out of the root.
 */
export async function locate(root: string, path: string): Promise<string | null> {
  const [realRoot, real] = await Promise.all([orNull(realpath(root)), orNull(realpath(join(root, path)))]);
  if (realRoot === null || real === null) return null;
  if (isInside(realRoot, real)) return real;
  throw new Failure("PATH_ESCAPES_ROOT", {
    message: `In the store at ${root}, ${path} leads to ${real} by a symbolic link, out of the store.`,
    hint: "Replace the link by what it stands for. The store's folder itself may be a link.",
    details: { store: root, path },
  });
}

async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (hasSystemCode(error, "ENOENT", "ENOTDIR", "ELOOP")) return null;
    throw error;
  }
}
