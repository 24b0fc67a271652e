import { createHash } from "node:crypto";
import { link, lstat, open, rm, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { createFolders } from "../../files/folders/make-folders.ts";
import { Failure, hasSystemCode } from "../../kernel/failure.ts";
import type { ObjectBody } from "../../model/ports/object-store.ts";
import { fileChanged, interrupted, sourceUnreadable } from "../body-faults.ts";
import { parseKey } from "../object-key.ts";
import { explainStoreFault } from "./explain-store-fault.ts";
import { locateFolder } from "./locate.ts";
import { syncFolders } from "./sync-folders.ts";
import { newTemporary } from "./temporaries.ts";

interface CreateRequest {
  readonly key: string;
  readonly body: ObjectBody;
  readonly signal: AbortSignal | undefined;
}

const CHUNK_BYTES = 256 * 1024;
/** How often a folder may vanish between being made and being used: each time somebody has deleted its last object. */
const MAX_ATTEMPTS = 100;

/**
 * Creates an object: temporary file, fsync, hard link to the key, fsync of the folders. A process that is killed
 * anywhere leaves at most a temporary; a power cut never leaves a key without its bytes.
 */
export async function createObject(root: string, request: CreateRequest): Promise<boolean> {
  parseKey(request.key);
  let temporary: string | null = null;
  try {
    if (await exists(join(root, request.key))) return false;
    temporary = await newTemporary(root);
    await writeTemporary(temporary, request);
    if (!(await linkToKey(root, temporary, request.key))) return false;
  } catch (error) {
    throw surelyUnwritten(error, root, request.key);
  } finally {
    if (temporary !== null) await rm(temporary, { force: true }).catch(() => undefined);
  }
  // Up to the root: whoever made a folder on the way may not have come to its own fsync yet.
  await syncFolders(dirname(join(root, request.key)), root);
  return true;
}

/** Nothing is created until the link stands, so whatever failed before it has left the key free. */
function surelyUnwritten(error: unknown, location: string, key: string): unknown {
  const explained = explainStoreFault(error, { location, key, verb: "written" });
  if (!(explained instanceof Failure)) return explained;
  const { message, hint, details, cause } = explained;
  return new Failure(explained.code, {
    ...{ message, cause, hint: hint ?? undefined },
    details: { ...details, nothingWritten: true },
  });
}

/** Saves the writing of what is there already. Only the link decides. */
async function exists(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile();
  } catch (error) {
    if (hasSystemCode(error, "ENOENT", "ENOTDIR")) return false;
    throw error;
  }
}

async function writeTemporary(path: string, { body, signal }: CreateRequest): Promise<void> {
  if (signal?.aborted === true) throw interrupted(signal.reason);
  const target = await open(path, "wx");
  try {
    if (body instanceof Uint8Array) await target.writeFile(body);
    else await copyFile(body, target, signal);
    await target.sync();
  } finally {
    await target.close();
  }
}

async function copyFile(
  body: Exclude<ObjectBody, Uint8Array>,
  target: FileHandle,
  signal: AbortSignal | undefined,
): Promise<void> {
  const source = await fromSource(body.file, open(body.file, "r"));
  try {
    const hash = createHash("sha256");
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (;;) {
      if (signal?.aborted === true) throw interrupted(signal.reason);
      const { bytesRead } = await fromSource(body.file, source.read(chunk, 0, CHUNK_BYTES));
      if (bytesRead === 0) break;
      if (body.sha256 !== undefined) hash.update(chunk.subarray(0, bytesRead));
      // Goes on where it stopped, and writes all, which `write` does not promise.
      await target.writeFile(chunk.subarray(0, bytesRead));
    }
    if (body.sha256 !== undefined && hash.digest("hex") !== body.sha256) throw fileChanged(body.file);
  } finally {
    await source.close();
  }
}

/** Faults of the file that is stored are not faults of the store. */
async function fromSource<T>(file: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw sourceUnreadable(file, error);
  }
}

async function linkToKey(root: string, temporary: string, key: string): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    const folder = await locateFolder(root, dirname(key));
    try {
      await createFolders(folder);
      await link(temporary, join(folder, basename(key)));
      return true;
    } catch (error) {
      if (hasSystemCode(error, "EEXIST")) return false;
      if (!hasSystemCode(error, "ENOENT") || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}
