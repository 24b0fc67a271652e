import { describeDType } from "../../arrays/npy/dtype.ts";
import { isNpy } from "../../arrays/npy/npy-header.ts";
import { decodeNpyHeader } from "../../arrays/npy/read-npy.ts";
import { arraysOf, firstBytes, readNpzHeaders } from "../../arrays/npz/read-npz.ts";
import { openZip, type ZipArchive, type ZipMember } from "../../arrays/npz/zip-archive.ts";
import type { Contents, InspectedArray, InspectedPickle } from "./inspection.ts";
import { judgePickle } from "./judge-pickle.ts";
import { looksLikePickle } from "./looks-like-pickle.ts";

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
    const named = new Set(arraysOf(zip));
    for (const member of zip.members.filter((other) => !named.has(other))) {
      const found = await inspectMember(zip, member, { path, patterns });
      arrays.push(...found.arrays);
      pickles.push(...found.pickles);
    }
    const format = formatOf(zip);
    const code =
      format === "TorchScript" ? { code: "of its own, under __torch__; it runs when the model is used" } : {};
    return { format, arrays, pickles, about: { members: zip.members.length, ...code } };
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

/** What a member is called tells nothing about how it is read: NumPy too goes by how it begins. */
async function inspectMember(
  zip: ZipArchive,
  member: ZipMember,
  { path, patterns }: { readonly path: string; readonly patterns: readonly string[] | null },
): Promise<Required<Pick<Contents, "arrays" | "pickles">>> {
  const { name, sizeBytes } = member;
  const start = await firstBytes(zip, member);
  if (isNpy(start)) {
    const header = decodeNpyHeader(start, { totalBytes: sizeBytes, where: `${path}/${name}` });
    const array = { name, dtype: describeDType(header.dtype), shape: header.shape };
    if (!header.isPickled) return { arrays: [array], pickles: [] };
    const data = () => after(zip.pieces(member), header.dataOffset);
    return { arrays: [array], pickles: [await judgePickle(data, name, patterns)] };
  }
  const pickle = await judgePickle(() => zip.pieces(member), name, patterns);
  return { arrays: [], pickles: looksLikePickle(name, start, pickle) ? [pickle] : [] };
}

async function* after(pieces: AsyncIterable<Buffer>, count: number): AsyncGenerator<Buffer> {
  let left = count;
  for await (const piece of pieces) {
    if (left < piece.length) yield piece.subarray(left);
    left = Math.max(0, left - piece.length);
  }
}
