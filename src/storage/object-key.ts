import { Failure } from "../kernel/failure.ts";

// What both a file system and S3 can name.
const MAX_KEY_BYTES = 1024;
const MAX_SEGMENT_BYTES = 255;

/**
 * Returns `key` if an object may have it.
 * @throws Failure `PATH_ESCAPES_ROOT` for keys that are absolute, have empty, `.` or `..` segments, begin with a dot
 * (such names in the root are the store's own), have a NUL or are longer than stores allow.
 */
export function parseKey(key: string): string {
  const segments = key.split("/");
  const isAllowed =
    !key.startsWith(".") &&
    !key.includes("\0") &&
    Buffer.byteLength(key) <= MAX_KEY_BYTES &&
    segments.every((segment) => segment !== "" && segment !== "." && segment !== ".." && isShort(segment));
  if (isAllowed) return key;
  throw new Failure("PATH_ESCAPES_ROOT", {
    message: `${JSON.stringify(key)} cannot be a key of a store.`,
    hint: "Use a relative path without empty, . or .. parts, of at most 255 bytes a part and 1,024 in all.",
    details: { key, nothingWritten: true },
  });
}

function isShort(segment: string): boolean {
  return Buffer.byteLength(segment) <= MAX_SEGMENT_BYTES;
}

/** Compares keys by their UTF-8 bytes, as S3 lists them. JavaScript's own order differs beyond U+FFFF. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
