import { endianness } from "node:os";

import type { NpyArray } from "./read-npy.ts";

export type NumberArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

type MakeArray = new (buffer: ArrayBufferLike, offset: number, length: number) => NumberArray;

const MAKERS: Readonly<Record<string, MakeArray>> = {
  bool1: Uint8Array,
  integer1: Int8Array,
  unsigned1: Uint8Array,
  integer2: Int16Array,
  unsigned2: Uint16Array,
  integer4: Int32Array,
  unsigned4: Uint32Array,
  integer8: BigInt64Array,
  unsigned8: BigUint64Array,
  float4: Float32Array,
  float8: Float64Array,
};

const HOST_IS_LITTLE_ENDIAN = endianness() === "LE";

/**
 * The items of an array of plain numbers, in the order in which they are stored. Nothing is copied, but for items of the
 * other byte order.
 * @returns null for a dtype that has no typed array: half precision, complex numbers, texts, times, records.
 */
export function typedArrayOf({ dtype, data }: NpyArray): NumberArray | null {
  if (dtype.kind === "record") return null;
  const Maker = MAKERS[`${dtype.kind}${dtype.sizeBytes}`];
  if (Maker === undefined) return null;
  const bytes = inHostOrder(data, dtype.sizeBytes, dtype.isLittleEndian);
  return new Maker(bytes.buffer, bytes.byteOffset, bytes.length / dtype.sizeBytes);
}

function inHostOrder(data: Buffer, itemBytes: number, isLittleEndian: boolean): Buffer {
  if (itemBytes === 1 || isLittleEndian === HOST_IS_LITTLE_ENDIAN) return data;
  // A copy: the header of the array goes on telling the order of its own bytes.
  const copy = Buffer.allocUnsafeSlow(data.length);
  data.copy(copy);
  if (itemBytes === 2) return copy.swap16();
  return itemBytes === 4 ? copy.swap32() : copy.swap64();
}
