import { messageOf } from "../../kernel/failure.ts";
import type { ExactJson } from "../../model/ports/predictor.ts";
import { malformed } from "../malformed.ts";
import { fieldReader, itemReader, nestedReader, type ReadItem } from "./item-values.ts";
import type { NpyArray } from "./read-npy.ts";

/** Reads one item of the first dimension: a value, or nested lists of values. */
export type ReadAt = (index: number) => ExactJson;

/**
 * Reads along the first dimension; for an array without dimensions `readAt(0)` is its only value.
 * @returns a function that throws Failure `DATA_MALFORMED` for bytes that are no such item.
 */
export function itemsOf(array: NpyArray): ReadAt {
  return readerOver(array, itemReader(array.dtype, array.data), array.dtype.sizeBytes);
}

/** As `itemsOf`, for each field of an array of records. */
export function fieldsOf(array: NpyArray): readonly { readonly name: string; readonly readAt: ReadAt }[] {
  const { dtype, data } = array;
  if (dtype.kind !== "record") return [];
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return dtype.fields.map((field) => {
    const read = fieldReader(field, data, view);
    return { name: field.name, readAt: readerOver(array, (offset) => read(offset + field.offset), dtype.sizeBytes) };
  });
}

function readerOver({ shape, isFortranOrder, where }: NpyArray, read: ReadItem, itemBytes: number): ReadAt {
  const strides = stridesOf(shape, itemBytes, isFortranOrder);
  const readInner = nestedReader(read, shape.slice(1), strides.slice(1));
  const stride = strides[0] ?? 0;
  return (index) => {
    try {
      return readInner(index * stride);
    } catch (cause) {
      throw malformed(where, `item ${index} cannot be read: ${messageOf(cause)}`);
    }
  };
}

/** Bytes from one item to the next along each dimension. */
function stridesOf(shape: readonly number[], itemBytes: number, isFortranOrder: boolean): readonly number[] {
  const product = (sizes: readonly number[]) => sizes.reduce((all, size) => all * size, itemBytes);
  return shape.map((_, index) => product(isFortranOrder ? shape.slice(0, index) : shape.slice(index + 1)));
}
