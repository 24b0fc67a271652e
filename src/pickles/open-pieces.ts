import { createReadStream } from "node:fs";
import { pipeline, type Readable } from "node:stream";
import { createGunzip, createInflate } from "node:zlib";

import { Failure } from "../kernel/failure.ts";
import { UnreadablePickle } from "./read-instruction.ts";
import type { OpenPieces } from "./scan-pickle.ts";

const PIECE_BYTES = 2 ** 20;
/** What is unpacked at most; a small file can stand for any number of zeros. */
const MOST_UNPACKED_BYTES = 4 * 2 ** 30;

export type Compression = "gzip" | "zlib" | "bz2" | "xz" | "lzma" | "lz4" | "zstd" | "zfile";

/** What is never unpacked: neither Node nor Python's own library can. `zfile` is what joblib wrote before version 0.10. */
export const SEALED: readonly Compression[] = ["lz4", "zstd", "zfile"];

const MAGICS: readonly (readonly [Compression, string])[] = [
  ["gzip", "1f8b"],
  ["bz2", "425a68"],
  ["xz", "fd377a585a00"],
  ["lzma", "5d00"],
  ["lz4", "04224d18"],
  ["zstd", "28b52ffd"],
  ["zfile", "5a463078"],
];
const UNPACKERS: Readonly<Partial<Record<Compression, () => NodeJS.ReadWriteStream>>> = {
  gzip: () => createGunzip({ chunkSize: PIECE_BYTES }),
  zlib: () => createInflate({ chunkSize: PIECE_BYTES }),
};

/** Opens what a compressed file holds. */
export type Unpack = (path: string, compression: Compression) => OpenPieces;

/** How a file is compressed, told by its first bytes; null when it is not. */
export function compressionOf(start: Buffer): Compression | null {
  const found = MAGICS.find(([, magic]) => start.toString("hex", 0, magic.length / 2) === magic);
  if (found !== undefined) return found[0];
  // RFC 1950: 0x78 for a window of 32 KiB; both bytes as one number are a multiple of 31.
  return start.length > 1 && start[0] === 0x78 && start.readUInt16BE(0) % 31 === 0 ? "zlib" : null;
}

/** The bytes of a file from `start` on, as they are. */
export function openPlain(path: string, start = 0): OpenPieces {
  return () => createReadStream(path, { start, highWaterMark: PIECE_BYTES }) as AsyncIterable<Buffer>;
}

/** The bytes of a compressed file, unpacked as they are read. Forms that are not known end at once. */
export function openUnpacked(path: string, compression: Compression): OpenPieces {
  const unpacker = UNPACKERS[compression];
  if (unpacker === undefined) return () => unreadable(`files compressed with ${compression} are not read`);
  return () => {
    const stream = pipeline(createReadStream(path), unpacker(), () => undefined);
    return boundPieces(stream as unknown as Readable);
  };
}

/** What was unpacked, up to a limit. @throws UnreadablePickle beyond it, and for whatever the pieces throw. */
export async function* boundPieces(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let total = 0;
  try {
    for await (const piece of pieces) {
      total += piece.length;
      if (total > MOST_UNPACKED_BYTES) throw new UnreadablePickle("it unpacks to more than 4 GiB");
      yield piece;
    }
  } catch (cause) {
    if (cause instanceof UnreadablePickle || cause instanceof Failure) throw cause;
    throw new UnreadablePickle(`it cannot be unpacked: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- an iterable that fails when it is read
async function* unreadable(problem: string): AsyncGenerator<Buffer> {
  yield* [];
  throw new UnreadablePickle(problem);
}
