import type { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import { openPromise, type Entry, type ZipFile } from "yauzl";

import { Failure, hasSystemCode, messageOf } from "../../kernel/failure.ts";
import { malformed } from "../malformed.ts";

/** A file in a zip archive, as its directory tells. */
export interface ZipMember {
  readonly name: string;
  readonly sizeBytes: number;
  readonly compressedBytes: number;
  readonly isCompressed: boolean;
}

/** A zip archive that is open. */
export interface ZipArchive {
  readonly members: readonly ZipMember[];
  /** The member unpacked. @throws Failure `DATA_MALFORMED` also where it is larger than it said. */
  readonly read: (member: ZipMember) => Promise<Buffer>;
  /** The member as it is unpacked, in pieces. */
  readonly pieces: (member: ZipMember) => AsyncIterable<Buffer>;
  readonly close: () => void;
}

const MAGICS = [Buffer.from("PK\x03\x04", "latin1"), Buffer.from("PK\x05\x06", "latin1")];
const MOST_MEMBERS = 10_000;
/** Deflate makes zeros 1,032 times smaller; of something this large, real data never come to even this. */
const HIGHEST_RATIO = 200;
const HARMLESS_BYTES = 256 * 2 ** 20;
/** What is kept in memory of one archive. */
const MOST_BYTES_READ = 4 * 2 ** 30;

/** True for bytes that begin a zip archive. */
export function isZip(start: Uint8Array): boolean {
  return MAGICS.some((magic) => magic.equals(start.subarray(0, magic.length)));
}

/**
 * Opens a zip archive (also zip64) and reads its directory. Names that lead out of a folder are refused.
 * @throws Failure `FILE_NOT_FOUND`, `DATA_MALFORMED`.
 */
export async function openZip(path: string): Promise<ZipArchive> {
  const zip = await openArchive(path);
  try {
    const entries = await listEntries(zip, path);
    const entryOf = ({ name }: ZipMember): Entry => {
      const entry = entries.get(name);
      if (entry === undefined) throw malformed(path, `it has no member ${name}.`);
      return entry;
    };
    let bytesRead = 0;
    return {
      members: [...entries.values()].map(describeEntry),
      read: async (member) => {
        bytesRead += member.sizeBytes;
        if (bytesRead > MOST_BYTES_READ) throw malformed(path, "its members do not fit into memory together.");
        return readMember(zip, entryOf(member), path);
      },
      pieces: (member) => unpack(zip, entryOf(member), path),
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function openArchive(path: string): Promise<ZipFile> {
  try {
    return await openPromise(path, { autoClose: false, validateEntrySizes: true });
  } catch (cause) {
    if (hasSystemCode(cause, "ENOENT", "ENOTDIR", "EACCES", "EPERM"))
      throw new Failure("FILE_NOT_FOUND", {
        message: `There is no file ${path} to read.`,
        hint: "Check the path.",
        cause,
      });
    throw malformed(path, `as a zip archive it is damaged: ${messageOf(cause)}.`);
  }
}

async function listEntries(zip: ZipFile, path: string): Promise<ReadonlyMap<string, Entry>> {
  if (zip.entryCount > MOST_MEMBERS) throw malformed(path, `it has more than ${MOST_MEMBERS} members.`);
  const entries = new Map<string, Entry>();
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith("/")) continue;
      if (entries.has(entry.fileName)) throw new Error(`it has the member ${entry.fileName} twice`);
      entries.set(entry.fileName, entry);
    }
  } catch (cause) {
    throw malformed(path, `its directory is damaged: ${messageOf(cause)}.`);
  }
  return entries;
}

function describeEntry({ fileName, uncompressedSize, compressedSize, compressionMethod }: Entry): ZipMember {
  return {
    name: fileName,
    sizeBytes: uncompressedSize,
    compressedBytes: compressedSize,
    isCompressed: compressionMethod !== 0,
  };
}

async function readMember(zip: ZipFile, entry: Entry, path: string): Promise<Buffer> {
  // Gathered as it comes: what a damaged directory says of sizes is never allocated.
  const pieces: Buffer[] = [];
  for await (const piece of unpack(zip, entry, path)) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function* unpack(zip: ZipFile, entry: Entry, path: string): AsyncGenerator<Buffer> {
  const where = `${path}/${entry.fileName}`;
  requireReasonableSize(entry, where);
  let checksum = 0;
  try {
    const stream = await zip.openReadStreamPromise(entry);
    for await (const piece of readable(stream)) {
      checksum = crc32(piece, checksum);
      yield piece;
    }
  } catch (cause) {
    throw cause instanceof Failure ? cause : malformed(where, `it cannot be unpacked: ${messageOf(cause)}.`);
  }
  if (checksum !== entry.crc32) throw malformed(where, "its checksum is another than the archive's directory says.");
}

function readable(stream: Readable): AsyncIterable<Buffer> {
  return stream as AsyncIterable<Buffer>;
}

/** Against archives that say that they unpack to far more than they can. */
function requireReasonableSize(entry: Entry, where: string): void {
  const { uncompressedSize, compressedSize } = entry;
  if (entry.isEncrypted()) throw malformed(where, "it is encrypted.");
  if (uncompressedSize > HARMLESS_BYTES && uncompressedSize > compressedSize * HIGHEST_RATIO)
    throw malformed(where, `it says that ${compressedSize} bytes unpack to ${uncompressedSize}.`);
}
