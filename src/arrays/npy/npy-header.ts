import { messageOf } from "../../kernel/failure.ts";
import { malformed } from "../malformed.ts";
import { holdsObjects, parseDType, parseShape, type DType } from "./dtype.ts";
import { parsePythonLiteral, type PythonLiteral } from "./python-literal.ts";

/** What an `.npy` file says about itself. */
export interface NpyHeader {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** True: the first index changes fastest. */
  readonly isFortranOrder: boolean;
  /** Bytes before the first item. */
  readonly dataOffset: number;
  /** Bytes of all items; of an array of objects those of its pickle. */
  readonly dataBytes: number;
  /** The data are a pickle. */
  readonly isPickled: boolean;
}

const MAGIC = Buffer.from("\x93NUMPY", "latin1");
/** Magic, version, and the longest form of the header's length. */
export const LONGEST_PREFIX = 12;
/** NumPy itself refuses 10,000 characters unless told otherwise; tables have many columns. */
const LONGEST_HEADER = 1_000_000;
const KEYS = ["descr", "fortran_order", "shape"];
/** Items of no bytes (empty texts) could be any number. */
const MOST_EMPTY_ITEMS = 1_000_000;

/** True for bytes that begin an `.npy` file. */
export function isNpy(start: Uint8Array): boolean {
  return MAGIC.equals(start.subarray(0, MAGIC.length));
}

/** Where the header's text lies, told by the first bytes. */
export interface HeaderPlace {
  readonly from: number;
  /** Exclusive; where the data begin. */
  readonly to: number;
  readonly encoding: "latin1" | "utf8";
}

/**
 * Reads magic, version and length. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 * @param start - the first `LONGEST_PREFIX` bytes, or all.
 * @throws Failure `DATA_MALFORMED`.
 */
export function locateHeader(start: Buffer, where: string): HeaderPlace {
  if (!isNpy(start)) throw malformed(where, "it does not begin as an .npy file does.");
  const major = start[MAGIC.length];
  if (major !== 1 && major !== 2 && major !== 3)
    throw malformed(where, `its format version ${String(major ?? "is missing")} is not 1, 2 or 3.`);
  const from = major === 1 ? 10 : 12;
  if (start.length < from) throw malformed(where, "it ends within its header.");
  const length = major === 1 ? start.readUInt16LE(8) : start.readUInt32LE(8);
  if (length > LONGEST_HEADER) throw malformed(where, `its header is said to have ${length} bytes.`);
  return { from, to: from + length, encoding: major === 3 ? "utf8" : "latin1" };
}

/**
 * Parses the header and holds it against the bytes that there are, before anything is allocated for them.
 * @param text - of the header alone.
 * @param totalBytes - of the whole file; null where the end is not known, for the pickle of a stream.
 * @throws Failure `DATA_MALFORMED`.
 */
export function parseHeader(
  text: string,
  {
    dataOffset,
    totalBytes,
    where,
  }: { readonly dataOffset: number; readonly totalBytes: number; readonly where: string },
): NpyHeader {
  try {
    const fields = readFields(parsePythonLiteral(text.trim()));
    const available = totalBytes - dataOffset;
    const isPickled = holdsObjects(fields.dtype);
    const dataBytes = isPickled ? available : sizeOf(fields.dtype.sizeBytes, fields.shape);
    if (dataBytes !== available)
      throw new Error(`its shape (${fields.shape.join(", ")}) needs ${dataBytes} bytes, and ${available} are there.`);
    return { ...fields, dataOffset, dataBytes, isPickled };
  } catch (cause) {
    throw malformed(where, messageOf(cause), "Save it again with numpy.save.");
  }
}

function readFields(value: PythonLiteral): Pick<NpyHeader, "dtype" | "shape" | "isFortranOrder"> {
  const dict = typeof value === "object" && value !== null && "dict" in value ? value.dict : null;
  const [descr, order, shape] = KEYS.map((key) => dict?.get(key));
  if (dict?.size !== KEYS.length || descr === undefined || typeof order !== "boolean" || shape === undefined)
    throw new Error(`its header is not {${KEYS.join(", ")}}.`);
  return { dtype: parseDType(descr), shape: parseShape(shape), isFortranOrder: order };
}

function sizeOf(itemBytes: number, shape: readonly number[]): number {
  const items = shape.reduce((product, size) => product * BigInt(size), 1n);
  const bytes = items * BigInt(itemBytes);
  if (itemBytes === 0 && items > MOST_EMPTY_ITEMS) throw new Error("it has too many items that are empty.");
  if (bytes > Number.MAX_SAFE_INTEGER) throw new Error(`its shape (${shape.join(", ")}) is larger than any file.`);
  return Number(bytes);
}
