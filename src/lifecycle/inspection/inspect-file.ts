import { open } from "node:fs/promises";

import { describeDType } from "../../arrays/npy/dtype.ts";
import { isNpy, type NpyHeader } from "../../arrays/npy/npy-header.ts";
import { readNpyHeader } from "../../arrays/npy/read-npy.ts";
import { isZip } from "../../arrays/npz/zip-archive.ts";
import { Failure, hasSystemCode } from "../../kernel/failure.ts";
import { compressionOf, openPlain, openUnpacked, SEALED, type Unpack } from "../../pickles/open-pieces.ts";
import { inspectArchive } from "./inspect-archive.ts";
import { worstOf, type Contents, type InspectedArray, type Inspection } from "./inspection.ts";
import { judgePickle } from "./judge-pickle.ts";
import { looksLikePickle } from "./looks-like-pickle.ts";
import { recogniseFormat } from "./recognise-format.ts";

const START_BYTES = 4096;

/**
 * Tells what a file is, and what opening it would import and call. Nothing of it is run.
 * @param patterns - the project's `allowedPickleImports`; null: well-known packages.
 * @param unpack - what cannot be unpacked by it cannot be checked.
 * @throws Failure `FILE_NOT_FOUND`, `DATA_MALFORMED` for a damaged file of arrays or archive.
 */
export async function inspectFile(
  path: string,
  patterns: readonly string[] | null,
  unpack: Unpack = openUnpacked,
): Promise<Inspection> {
  const { start, sizeBytes } = await readStart(path);
  const contents = await look(path, { start, sizeBytes, patterns, unpack });
  const { format, compression = null, about = {}, arrays = [], pickles = [] } = contents;
  const verdict = worstOf(pickles.map((pickle) => pickle.verdict));
  return { path, format, compression, sizeBytes, about, arrays, pickles, verdict };
}

interface Start {
  readonly start: Buffer;
  readonly sizeBytes: number;
  readonly patterns: readonly string[] | null;
  readonly unpack: Unpack;
}

async function look(path: string, { start, sizeBytes, patterns, unpack }: Start): Promise<Contents> {
  if (isNpy(start)) return inspectNpy(path, patterns);
  if (isZip(start)) return inspectArchive(path, patterns);
  const known = await recogniseFormat(path, start, sizeBytes);
  if (known !== null) return known;
  const compression = compressionOf(start);
  const pieces = compression === null ? openPlain(path) : unpack(path, compression);
  const pickle = await judgePickle(pieces, null, patterns);
  const isJoblib = pickle.imports.some(({ module }) => module.startsWith("joblib."));
  if (looksLikePickle(path, start, pickle))
    return { format: isJoblib ? "joblib" : "pickle", compression, pickles: [pickle] };
  // What joblib or pandas would unpack, whatever the file is called, and nobody here can look into.
  if (compression !== null && SEALED.includes(compression))
    return { format: "compressed", compression, pickles: [pickle] };
  return { format: compression === null ? "unknown" : "compressed", compression };
}

async function inspectNpy(path: string, patterns: readonly string[] | null): Promise<Contents> {
  const header = await readNpyHeader(path);
  const pickles = header.isPickled ? [await judgePickle(openPlain(path, header.dataOffset), "data", patterns)] : [];
  return { format: "npy", arrays: [describeArray("", header)], pickles };
}

/** An array as `inspect` lists it. */
export function describeArray(name: string, { dtype, shape, isFortranOrder }: NpyHeader): InspectedArray {
  const order = isFortranOrder && shape.length > 1 ? ", Fortran order" : "";
  return { name, dtype: `${describeDType(dtype)}${order}`, shape };
}

async function readStart(path: string): Promise<Pick<Start, "start" | "sizeBytes">> {
  try {
    const file = await open(path, "r");
    try {
      const stats = await file.stat();
      if (!stats.isFile()) throw notFound(path);
      const buffer = Buffer.alloc(START_BYTES);
      const { bytesRead } = await file.read(buffer, 0, START_BYTES, 0);
      return { start: buffer.subarray(0, bytesRead), sizeBytes: stats.size };
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (hasSystemCode(cause, "ENOENT", "ENOTDIR", "EACCES", "EPERM", "ELOOP", "ENAMETOOLONG", "EISDIR"))
      throw notFound(path);
    throw cause;
  }
}

function notFound(path: string): Failure {
  return new Failure("FILE_NOT_FOUND", { message: `There is no file ${path} to read.`, hint: "Check the path." });
}
