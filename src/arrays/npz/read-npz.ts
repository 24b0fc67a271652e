import { malformed } from "../malformed.ts";
import { decodeNpy, decodeNpyHeader, type NpyArray } from "../npy/read-npy.ts";
import type { NpyHeader } from "../npy/npy-header.ts";
import { openZip, type ZipArchive, type ZipMember } from "./zip-archive.ts";

const ENDING = ".npy";
/** Enough for the headers of all but tables with very many columns. */
const HEADER_BYTES = 64 * 1024;

/** One array of an archive: name as in `numpy.savez(file, name=array)`. */
export interface NamedHeader {
  readonly name: string;
  readonly header: NpyHeader;
  readonly isCompressed: boolean;
}

/**
 * Reads every array of an `.npz` archive.
 * @throws Failure `FILE_NOT_FOUND`, `DATA_MALFORMED`, `DATA_PICKLED`.
 */
export async function readNpz(path: string): Promise<ReadonlyMap<string, NpyArray>> {
  return withArrays(path, async (zip, members) => {
    const arrays = new Map<string, NpyArray>();
    for (const member of members)
      arrays.set(nameOf(member), decodeNpy(await zip.read(member), `${path}/${member.name}`));
    return arrays;
  });
}

/**
 * Reads the headers of the arrays of an archive, and no more of each than that takes.
 * @throws Failure `DATA_MALFORMED`.
 */
export async function readNpzHeaders(zip: ZipArchive, path: string): Promise<readonly NamedHeader[]> {
  const headers: NamedHeader[] = [];
  for (const member of arraysOf(zip)) {
    const start = await firstBytes(zip, member);
    const header = decodeNpyHeader(start, { totalBytes: member.sizeBytes, where: `${path}/${member.name}` });
    headers.push({ name: nameOf(member), header, isCompressed: member.isCompressed });
  }
  return headers;
}

/** The members that are arrays. */
export function arraysOf({ members }: ZipArchive): readonly ZipMember[] {
  return members.filter(({ name }) => name.endsWith(ENDING));
}

function nameOf({ name }: ZipMember): string {
  return name.slice(0, -ENDING.length);
}

async function withArrays<T>(
  path: string,
  work: (zip: ZipArchive, members: readonly ZipMember[]) => Promise<T>,
): Promise<T> {
  const zip = await openZip(path);
  try {
    const members = arraysOf(zip);
    if (members.length === 0) throw malformed(path, "the archive has no arrays (members that end in .npy).");
    return await work(zip, members);
  } finally {
    zip.close();
  }
}

/** Enough of a member for the header of an array; all of a smaller one. */
export async function firstBytes(zip: ZipArchive, member: ZipMember): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of zip.pieces(member)) {
    pieces.push(piece);
    length += piece.length;
    if (length >= HEADER_BYTES) break;
  }
  return Buffer.concat(pieces);
}
