import { resolve } from "node:path";

import type { ObjectStore } from "../model/ports/object-store.ts";
import { createObject } from "./local/create-object.ts";
import { deleteObject } from "./local/delete-object.ts";
import { explainStoreFault } from "./local/explain-store-fault.ts";
import { listFolders, listObjects } from "./local/list-objects.ts";
import { openObject } from "./local/open-object.ts";
import { sweepTemporaries } from "./local/temporaries.ts";

/**
 * A folder as an object store. The folder is made with the first object; until then it reads as empty.
 * Safe for any number of processes on one machine; on network file systems only where hard links and fsync are honest.
 * Linux and macOS.
 * A trap of folders: keys `a` and `a/b` cannot both exist. The keys of the model store never do that.
 * @param root - the folder. May itself be a symbolic link; no link below it is followed out of it.
 */
export function localObjectStore(root: string): ObjectStore {
  const location = resolve(root);
  const explained = async <T>(verb: "read" | "written", key: string, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw explainStoreFault(error, { location, key, verb });
    }
  };
  return {
    location,
    create: (key, body, { signal } = {}) => explained("written", key, createObject(location, { key, body, signal })),
    read: (key) => explained("read", key, readObject(location, key)),
    open: (key) =>
      explained(
        "read",
        key,
        openObject(location, key).then((file) => file?.createReadStream() ?? null),
      ),
    list: (prefix, options = {}) => explained("read", prefix, listObjects(location, { prefix, ...options })),
    listFolders: (prefix) => explained("read", prefix, listFolders(location, prefix)),
    delete: (key) => explained("written", key, deleteObject(location, key)),
    sweep: (olderThanMs) => explained("written", "", sweepTemporaries(location, olderThanMs)),
  };
}

async function readObject(root: string, key: string): Promise<Uint8Array | null> {
  const file = await openObject(root, key);
  if (file === null) return null;
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
}
