import { constants } from "node:buffer";
import { open, type FileHandle } from "node:fs/promises";

import { Failure, hasSystemCode } from "../../kernel/failure.ts";
import { malformed } from "../malformed.ts";
import { LONGEST_PREFIX, locateHeader, parseHeader, type NpyHeader } from "./npy-header.ts";

/** An array with its bytes, as they are in the file. */
export interface NpyArray extends NpyHeader {
  /** The items alone. They begin an `ArrayBuffer` of their own, so that typed arrays can lie over them. */
  readonly data: Buffer;
  /** As messages name it. */
  readonly where: string;
}

/** Read at once: the system takes at most 2 GiB. */
const PIECE_BYTES = 2 ** 30;

/**
 * Reads the header of an `.npy` file, and nothing else.
 * @throws Failure `FILE_NOT_FOUND`, `DATA_MALFORMED`.
 */
export async function readNpyHeader(path: string): Promise<NpyHeader> {
  return withFile(path, (file) => readHeader(file, path));
}

/**
 * Reads an `.npy` file. Bytes are allocated when the header has proven to fit the size of the file.
 * @throws Failure `FILE_NOT_FOUND`, `DATA_MALFORMED`, `DATA_PICKLED` for an array of Python objects.
 */
export async function readNpy(path: string): Promise<NpyArray> {
  return withFile(path, async (file) => {
    const header = await readHeader(file, path);
    refusePickle(header, path);
    const data = allocate(header.dataBytes, path);
    await readFully(file, data, { position: header.dataOffset, where: path });
    return { ...header, data, where: path };
  });
}

/**
 * Reads an `.npy` file that is in memory already, as a member of an archive is.
 * @throws as `readNpy`.
 */
export function decodeNpy(bytes: Buffer, where: string): NpyArray {
  const header = decodeNpyHeader(bytes, { totalBytes: bytes.length, where });
  refusePickle(header, where);
  // Copied, because typed arrays need their items at a multiple of their size.
  const data = allocate(header.dataBytes, where);
  bytes.copy(data, 0, header.dataOffset);
  return { ...header, data, where };
}

/** As `decodeNpy`, the header alone. @param start - at least as many bytes as the header has. */
export function decodeNpyHeader(
  start: Buffer,
  { totalBytes, where }: { readonly totalBytes: number; readonly where: string },
): NpyHeader {
  const { from, to, encoding } = locateHeader(start.subarray(0, LONGEST_PREFIX), where);
  if (to > start.length) throw malformed(where, "it ends within its header.");
  return parseHeader(start.toString(encoding, from, to), { dataOffset: to, totalBytes, where });
}

function refusePickle({ isPickled }: NpyHeader, where: string): void {
  if (!isPickled) return;
  throw new Failure("DATA_PICKLED", {
    message: `${where} is an array of Python objects: it holds a pickle, which runs code when it is opened.`,
    hint: "`modelwright inspect` shows what it would import. Save numbers or texts instead: array.astype(float), array.astype(str), DataFrame.to_records(column_dtypes=…).",
  });
}

async function withFile<T>(path: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await openFile(path);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (cause) {
    if (!hasSystemCode(cause, "ENOENT", "ENOTDIR", "EACCES", "EPERM", "ELOOP", "ENAMETOOLONG")) throw cause;
    throw new Failure("FILE_NOT_FOUND", {
      message: `There is no file ${path} to read.`,
      hint: "Check the path.",
      cause,
    });
  }
}

async function readHeader(file: FileHandle, path: string): Promise<NpyHeader> {
  const stats = await file.stat();
  if (!stats.isFile()) throw new Failure("FILE_NOT_FOUND", { message: `${path} is no file.`, hint: "Check the path." });
  const prefix = Buffer.alloc(Math.min(stats.size, LONGEST_PREFIX));
  await readFully(file, prefix, { position: 0, where: path });
  const { from, to, encoding } = locateHeader(prefix, path);
  if (to > stats.size) throw malformed(path, "it ends within its header.");
  const text = Buffer.alloc(to - from);
  await readFully(file, text, { position: from, where: path });
  return parseHeader(text.toString(encoding), { dataOffset: to, totalBytes: stats.size, where: path });
}

function allocate(bytes: number, where: string): Buffer {
  if (bytes > constants.MAX_LENGTH) throw malformed(where, `its ${bytes} bytes do not fit into memory at once.`);
  return Buffer.allocUnsafeSlow(bytes);
}

async function readFully(
  file: FileHandle,
  target: Buffer,
  { position, where }: { readonly position: number; readonly where: string },
): Promise<void> {
  for (let done = 0; done < target.length;) {
    const length = Math.min(PIECE_BYTES, target.length - done);
    const { bytesRead } = await file.read(target, done, length, position + done);
    if (bytesRead === 0) throw malformed(where, "it became shorter while it was read.");
    done += bytesRead;
  }
}
