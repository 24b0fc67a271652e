import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";

import { hasSystemCode } from "../../kernel/failure.ts";
import { parseKey } from "../object-key.ts";
import { locate } from "./locate.ts";

// Without O_NONBLOCK, opening a named pipe that somebody put there would wait for ever.
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** The file of a key, or null when there is no regular file. Who calls this closes it. */
export async function openObject(root: string, key: string): Promise<FileHandle | null> {
  const path = await locate(root, parseKey(key));
  const file = path === null ? null : await openOrNull(path);
  if (file === null || (await file.stat()).isFile()) return file;
  await file.close();
  return null;
}

async function openOrNull(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, FLAGS);
  } catch (error) {
    // ENXIO: a socket.
    if (hasSystemCode(error, "ENOENT", "ENOTDIR", "ELOOP", "ENXIO")) return null;
    throw error;
  }
}
