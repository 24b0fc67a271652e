import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";

import { sha256 } from "../kernel/digest.ts";
import type { ObjectBody, ObjectStore } from "../model/ports/object-store.ts";
import { fileChanged, interrupted, sourceUnreadable } from "./body-faults.ts";
import { compareKeys, parseKey } from "./object-key.ts";

/** An object store that lives as long as the process: for tests, and for models that are tried before they are published. */
export function memoryObjectStore(): ObjectStore {
  const objects = new Map<string, Buffer>();
  const sortedKeys = (prefix: string) => [...objects.keys()].filter((key) => key.startsWith(prefix)).sort(compareKeys);
  return {
    location: "memory",
    create: async (key, body, { signal } = {}) => {
      parseKey(key);
      const bytes = await bytesOf(body, signal);
      // No await between the look and the write: that is what makes it atomic.
      if (objects.has(key)) return false;
      objects.set(key, bytes);
      return true;
    },
    read: async (key) => Promise.resolve(copyOf(objects.get(parseKey(key)))),
    open: async (key) => {
      const bytes = copyOf(objects.get(parseKey(key)));
      return Promise.resolve(bytes === null ? null : Readable.from([bytes], { objectMode: false }));
    },
    list: async (prefix, { after, limit = 1000 } = {}) => {
      const keys = sortedKeys(prefix).filter((key) => after === undefined || compareKeys(key, after) > 0);
      return Promise.resolve(keys.slice(0, limit).map((key) => ({ key, sizeBytes: objects.get(key)?.length ?? 0 })));
    },
    listFolders: async (prefix) => {
      const rests = sortedKeys(prefix).map((key) => key.slice(prefix.length));
      const folders = rests.filter((rest) => rest.includes("/")).map((rest) => rest.slice(0, rest.indexOf("/")));
      return Promise.resolve([...new Set(folders)]);
    },
    delete: async (key) => {
      objects.delete(parseKey(key));
      return Promise.resolve();
    },
  };
}

/** Never hands out its own bytes: a caller that writes into them would change the object. */
function copyOf(bytes: Buffer | undefined): Buffer | null {
  return bytes === undefined ? null : Buffer.from(bytes);
}

async function bytesOf(body: ObjectBody, signal: AbortSignal | undefined): Promise<Buffer> {
  if (signal?.aborted === true) throw interrupted(signal.reason);
  if (body instanceof Uint8Array) return Buffer.from(body);
  const bytes = await readFile(body.file, { signal }).catch((error: unknown) => {
    throw signal?.aborted === true ? interrupted(signal.reason) : sourceUnreadable(body.file, error);
  });
  if (body.sha256 !== undefined && sha256(bytes) !== body.sha256) throw fileChanged(body.file);
  return bytes;
}
