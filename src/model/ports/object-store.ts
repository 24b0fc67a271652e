import type { Readable } from "node:stream";

/** What an object is made of: bytes in memory, or a local file that is streamed. */
export type ObjectBody = Uint8Array | { readonly file: string };

export interface ListedObject {
  readonly key: string;
  readonly sizeBytes: number;
}

/**
 * The only thing a model store needs from the outside: create-only writes, reads and ordered listing.
 * Keys are `/`-separated, without leading slash, and never contain `.` or `..` segments.
 * Every method throws Failure `STORE_UNAVAILABLE` when the store cannot be reached, read or written.
 */
export interface ObjectStore {
  /** For messages: a path or an address, without secrets. */
  readonly location: string;
  /** Creates the object unless the key exists. Atomic and durable: false means that somebody else has the key, and nothing changed. */
  create(key: string, body: ObjectBody): Promise<boolean>;
  /** The whole object, or null when there is none. For small objects. */
  read(key: string): Promise<Uint8Array | null>;
  /** The object as a stream, or null when there is none. */
  open(key: string): Promise<Readable | null>;
  /** Objects whose key begins with `prefix` and comes after `after`, in order of key bytes, at most `limit` (default 1,000). */
  list(
    prefix: string,
    options?: { readonly after?: string | undefined; readonly limit?: number | undefined },
  ): Promise<readonly ListedObject[]>;
  /** The next path segments below `prefix` (which ends in `/`), in order: the "folders" there, without trailing slash. */
  listFolders(prefix: string): Promise<readonly string[]>;
  /** Deletes the object; absent keys are fine. Only the collector deletes. */
  delete(key: string): Promise<void>;
}
