import { createHash } from "node:crypto";
import { open } from "node:fs/promises";

import { Failure, hasSystemCode } from "../kernel/failure.ts";

export interface FileDigest {
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

// Hashing is synchronous at about 250 MiB/s: a quarter of a MiB keeps the event loop free to within a millisecond.
const CHUNK_BYTES = 256 * 1024;

/**
 * Digest and size of a file, both from the same bytes: a file that grows meanwhile cannot make them disagree.
 * @throws Failure `FILE_NOT_FOUND` when it is absent, a folder or unreadable.
 */
export async function digestFile(path: string, signal?: AbortSignal): Promise<FileDigest> {
  try {
    return await digestOpened(path, signal);
  } catch (error) {
    if (!hasSystemCode(error, "ENOENT", "ENOTDIR", "EACCES", "EPERM", "EISDIR", "ELOOP")) throw error;
    throw new Failure("FILE_NOT_FOUND", {
      message: `${path} cannot be read.`,
      hint: "Check the path and its permissions.",
      details: { path },
      cause: error,
    });
  }
}

async function digestOpened(path: string, signal: AbortSignal | undefined): Promise<FileDigest> {
  const file = await open(path, "r");
  try {
    const hash = createHash("sha256");
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let sizeBytes = 0; ;) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES);
      if (bytesRead === 0) return { sha256: hash.digest("hex"), sizeBytes };
      hash.update(chunk.subarray(0, bytesRead));
      sizeBytes += bytesRead;
    }
  } finally {
    await file.close();
  }
}
