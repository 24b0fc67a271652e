import type { ExactJson } from "../../model/ports/predictor.ts";
import { datetimeText } from "./datetime-text.ts";
import type { DType, RecordField, ScalarType } from "./dtype.ts";
import { floatReader, partOf } from "./float-reader.ts";

/** Reads the item that begins at a byte. Floats may be `NaN` or infinite. @throws Error for bytes that are no such item. */
export type ReadItem = (offset: number) => ExactJson;

/** `NaT`: no time. */
const NOT_A_TIME = -(2n ** 63n);

/**
 * How the items of a dtype are read: numbers as numbers (`bigint` beyond 2^53), texts without the zeros that fill them up, times
 * as ISO 8601, spans of time as counts of their unit, complex numbers as `[real, imaginary]`, raw bytes as hexadecimal digits,
 * records as objects. `NaT` is null.
 * @throws Error for objects.
 */
export function itemReader(type: DType, data: Buffer): ReadItem {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return readerOf(type, data, view);
}

function readerOf(type: DType, data: Buffer, view: DataView): ReadItem {
  if (type.kind === "record") return recordReader(type.fields, data, view);
  const { sizeBytes } = type;
  switch (type.kind) {
    case "bool":
      return (offset) => view.getUint8(offset) !== 0;
    case "integer":
    case "unsigned":
      return integerReader(type, view);
    case "float":
      return floatReader(type, view);
    case "complex": {
      const part = floatReader(partOf(type), view);
      return (offset) => [part(offset), part(offset + sizeBytes / 2)];
    }
    case "bytes":
      return bytesReader(sizeBytes, data);
    case "text":
      return textReader(type, view);
    case "datetime":
    case "timedelta":
      return timeReader(type, view);
    case "raw":
      return (offset) => data.toString("hex", offset, offset + sizeBytes);
    case "object":
      throw new Error("it holds Python objects.");
    default:
      return type satisfies never;
  }
}

function recordReader(fields: readonly RecordField[], data: Buffer, view: DataView): ReadItem {
  const readers = fields.map((field) => [field.name, fieldReader(field, data, view), field.offset] as const);
  // Not by assignment: a field "__proto__" must become a field and nothing else.
  return (offset) => Object.fromEntries(readers.map(([name, read, at]) => [name, read(offset + at)]));
}

/** Reads a field of a record; one with dimensions of its own as nested lists. */
export function fieldReader({ type, shape }: RecordField, data: Buffer, view: DataView): ReadItem {
  const strides = shape.map((_, index) =>
    shape.slice(index + 1).reduce((product, size) => product * size, type.sizeBytes),
  );
  return nestedReader(readerOf(type, data, view), shape, strides);
}

/** Reads nested lists: `shape[i]` items, `strides[i]` bytes apart. */
export function nestedReader(read: ReadItem, shape: readonly number[], strides: readonly number[]): ReadItem {
  return shape.reduceRight<ReadItem>((readInner, size, index) => {
    const stride = strides[index] ?? 0;
    return (offset) => {
      const items: ExactJson[] = [];
      for (let item = 0; item < size; item++) items.push(readInner(offset + item * stride));
      return items;
    };
  }, read);
}

function integerReader({ kind, sizeBytes, isLittleEndian }: ScalarType, view: DataView): ReadItem {
  const isSigned = kind === "integer";
  switch (sizeBytes) {
    case 1:
      return isSigned ? (offset) => view.getInt8(offset) : (offset) => view.getUint8(offset);
    case 2:
      return isSigned
        ? (offset) => view.getInt16(offset, isLittleEndian)
        : (offset) => view.getUint16(offset, isLittleEndian);
    case 4:
      return isSigned
        ? (offset) => view.getInt32(offset, isLittleEndian)
        : (offset) => view.getUint32(offset, isLittleEndian);
    default:
      return (offset) =>
        exact(isSigned ? view.getBigInt64(offset, isLittleEndian) : view.getBigUint64(offset, isLittleEndian));
  }
}

/** A number where it can hold the value. */
function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function bytesReader(sizeBytes: number, data: Buffer): ReadItem {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  return (offset) => {
    let end = offset + sizeBytes;
    while (end > offset && data[end - 1] === 0) end--;
    return decoder.decode(data.subarray(offset, end));
  };
}

/** Texts are stored as UTF-32. */
function textReader({ sizeBytes, isLittleEndian }: ScalarType, view: DataView): ReadItem {
  return (offset) => {
    let end = offset + sizeBytes;
    while (end > offset && view.getUint32(end - 4, isLittleEndian) === 0) end -= 4;
    let text = "";
    for (let at = offset; at < end; at += 4) text += String.fromCodePoint(view.getUint32(at, isLittleEndian));
    return text;
  };
}

function timeReader({ kind, unit, isLittleEndian }: ScalarType, view: DataView): ReadItem {
  return (offset) => {
    const value = view.getBigInt64(offset, isLittleEndian);
    if (value === NOT_A_TIME) return null;
    if (kind === "timedelta" || unit === null) return exact(value);
    return datetimeText(value * BigInt(unit.count), unit.name);
  };
}
