import type { Readable } from "node:stream";

import { Failure } from "../../kernel/failure.ts";

/**
 * What an object is made of: bytes in memory, or a local file that is streamed. With `sha256` (lower-case
 * hexadecimal), a file that has other bytes by now is refused with `FILE_CHANGED`, and nothing is created.
 */
export type ObjectBody = Uint8Array | { readonly file: string; readonly sha256?: string | undefined };

export interface ListedObject {
  readonly key: string;
  readonly sizeBytes: number;
}

/**
 * The only thing a model store needs from the outside: create-only writes, reads and ordered listing.
 * Keys are `/`-separated, without leading slash, and never contain `.` or `..` segments; the first segment never
 * begins with a dot. No key is another key and a `/` and more: a folder cannot hold both `a` and `a/b`.
 * Every method throws Failure `STORE_UNAVAILABLE` when the store cannot be reached, read or written.
 */
export interface ObjectStore {
  /** For messages: a path or an address, without secrets. */
  readonly location: string;
  /**
   * Creates the object unless the key exists. Atomic and durable: false means that somebody else has the key, and
   * nothing changed. When it throws, the object may exist, or appear later, unless `isSurelyUnwritten(error)`.
   * @throws Failure `FILE_NOT_FOUND` or `FILE_CHANGED` for the file of the body, `INTERRUPTED` when `signal` is raised.
   */
  create(key: string, body: ObjectBody, options?: { readonly signal?: AbortSignal | undefined }): Promise<boolean>;
  /** The whole object, or null when there is none. For small objects. */
  read(key: string): Promise<Uint8Array | null>;
  /** The object as a stream, or null when there is none. */
  open(key: string): Promise<Readable | null>;
  /** Objects whose key begins with `prefix` and comes after `after`, in order of key bytes, at most `limit` (default 1,000). */
  list(
    prefix: string,
    options?: { readonly after?: string | undefined; readonly limit?: number | undefined },
  ): Promise<readonly ListedObject[]>;
  /** The next path segments below `prefix` (which ends in `/`, or is empty), without trailing slash, in order of the bytes of the segment and its slash. */
  listFolders(prefix: string): Promise<readonly string[]>;
  /**
   * Deletes the object; absent keys are fine. Only the collector deletes, and a publisher what it has not committed.
   * Never sent twice for one call: a repetition that arrives late could hit what somebody else has created meanwhile.
   */
  delete(key: string): Promise<void>;
  /** Removes what killed creates left behind, when it was last touched more than `olderThanMs` ago. Returns how many. */
  sweep?(olderThanMs: number): Promise<number>;
}

/** True when a `create` that threw this has not created the object and never will, so that its key is as free as before. */
export function isSurelyUnwritten(error: unknown): boolean {
  return error instanceof Failure && error.details["nothingWritten"] === true;
}
