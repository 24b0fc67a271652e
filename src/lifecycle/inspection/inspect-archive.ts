import { isPicklePath } from "../../arrays/is-array-path.ts";
import { describeDType } from "../../arrays/npy/dtype.ts";
import { arraysOf, readNpzHeaders } from "../../arrays/npz/read-npz.ts";
import { openZip, type ZipArchive, type ZipMember } from "../../arrays/npz/zip-archive.ts";
import type { Contents, InspectedArray, InspectedPickle } from "./inspection.ts";
import { judgePickle } from "./judge-pickle.ts";

/** The first byte of pickles since protocol 2: what a member is called tells nothing about how it is read. */
const PROTO = 0x80;

/**
 * Looks into a zip archive: arrays of NumPy, a model of PyTorch, or anything else that may hold pickles.
 * @throws Failure `DATA_MALFORMED`.
 */
export async function inspectArchive(path: string, patterns: readonly string[] | null): Promise<Contents> {
  const zip = await openZip(path);
  try {
    const headers = await readNpzHeaders(zip, path);
    const arrays: InspectedArray[] = headers.map(({ name, header }) => ({
      name,
      dtype: describeDType(header.dtype),
      shape: header.shape,
    }));
    const pickles: InspectedPickle[] = [];
    for (const [index, member] of arraysOf(zip).entries()) {
      const header = headers[index]?.header;
      if (header?.isPickled === true)
        pickles.push(await judgePickle(() => after(zip.pieces(member), header.dataOffset), member.name, patterns));
    }
    for (const member of await picklesOf(zip))
      pickles.push(await judgePickle(() => zip.pieces(member), member.name, patterns));
    return { format: formatOf(zip), arrays, pickles, about: { members: zip.members.length } };
  } finally {
    zip.close();
  }
}

function formatOf({ members }: ZipArchive): string {
  const has = (pattern: RegExp) => members.some(({ name }) => pattern.test(name));
  if (members.length > 0 && members.every(({ name }) => name.endsWith(".npy"))) return "npz";
  if (has(/(^|\/)data\.pkl$/)) return has(/(^|\/)constants\.pkl$/) ? "TorchScript" : "PyTorch";
  if (has(/^schema\.json$/)) return "skops";
  if (has(/^config\.json$/) && has(/\.h5$/)) return "Keras";
  return "zip";
}

/** By the name, or because they begin as pickles do. */
async function picklesOf(zip: ZipArchive): Promise<readonly ZipMember[]> {
  const found: ZipMember[] = [];
  for (const member of zip.members) {
    if (member.name.endsWith(".npy")) continue;
    if (isPicklePath(member.name) || (await firstByte(zip, member)) === PROTO) found.push(member);
  }
  return found;
}

async function firstByte(zip: ZipArchive, member: ZipMember): Promise<number | undefined> {
  if (member.sizeBytes === 0) return undefined;
  for await (const piece of zip.pieces(member)) return piece[0];
  return undefined;
}

async function* after(pieces: AsyncIterable<Buffer>, count: number): AsyncGenerator<Buffer> {
  let left = count;
  for await (const piece of pieces) {
    if (left < piece.length) yield piece.subarray(left);
    left = Math.max(0, left - piece.length);
  }
}
