import { arch } from "node:os";

import type { ScalarType } from "./dtype.ts";

/** Where the bytes of a float lie. */
export interface FloatLayout {
  readonly sizeBytes: number;
  readonly isLittleEndian: boolean;
}

/**
 * How C's `long double` is laid out: `x87` is the 80-bit format of Intel's processors, filled up to 12 or 16 bytes; `binary128`
 * is that of IEEE 754, which others compute with.
 */
export type LongDoubleForm = "x87" | "binary128";

/** Reads the float that begins at a byte, rounded to the nearest number. May be `NaN` or infinite. @throws Error, see `longDoubleReader`. */
export type ReadFloat = (offset: number) => number;

const INTEL = ["x64", "ia32"];
const BIAS_OF_LONG_DOUBLES = 16_383;
const EXPONENT_OF_LONG_DOUBLES = 0x7fff;

/**
 * A dtype does not tell the form of its long doubles: as NumPy does, they are taken for those of the machine that reads them. The
 * 12 bytes are Intel's alone.
 */
export function floatReader({ sizeBytes, isLittleEndian }: FloatLayout, view: DataView): ReadFloat {
  switch (sizeBytes) {
    case 2:
      return (offset) => halfFloat(view.getUint16(offset, isLittleEndian));
    case 4:
      return (offset) => view.getFloat32(offset, isLittleEndian);
    case 8:
      return (offset) => view.getFloat64(offset, isLittleEndian);
    default: {
      const form = sizeBytes === 12 || INTEL.includes(arch()) ? "x87" : "binary128";
      return longDoubleReader({ sizeBytes, isLittleEndian }, form, view);
    }
  }
}

/** The layout of each of the two parts of a complex number. */
export function partOf({ sizeBytes, isLittleEndian }: ScalarType): FloatLayout {
  return { sizeBytes: sizeBytes / 2, isLittleEndian };
}

/** IEEE 754 binary16: 1 sign bit, 5 bits of exponent, 10 bits of fraction. */
function halfFloat(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * Both forms have 1 sign bit, 15 bits of exponent and a fraction; x87's has 63 bits after a leading one that is written out
 * (Intel 64 and IA-32 Architectures Software Developer's Manual, volume 1, 4.2.2), binary128's has 112 after one that is not.
 * @returns a function that throws an Error for bits that no x87 processor computes, and for values that a number would make zero
 * or infinite: as a rule the file is of another kind of machine, and would be read as something else altogether.
 */
export function longDoubleReader(layout: FloatLayout, form: LongDoubleForm, view: DataView): ReadFloat {
  return form === "x87" ? x87Reader(layout, view) : binary128Reader(layout, view);
}

function x87Reader({ sizeBytes, isLittleEndian }: FloatLayout, view: DataView): ReadFloat {
  // What fills it up lies at the end in little-endian order, and so at the beginning in the other. It holds no zeros, but whatever.
  const [fractionAt, exponentAt] = isLittleEndian ? [0, 8] : [sizeBytes - 8, sizeBytes - 10];
  return (offset) => {
    const head = view.getUint16(offset + exponentAt, isLittleEndian);
    const significand = view.getBigUint64(offset + fractionAt, isLittleEndian);
    const exponent = head & EXPONENT_OF_LONG_DOUBLES;
    if (exponent !== 0 && significand >> 63n === 0n) throw unreadable();
    return toNumber({ isNegative: head >> 15 === 1, exponent, significand, fractionBits: 63 });
  };
}

function binary128Reader({ isLittleEndian }: FloatLayout, view: DataView): ReadFloat {
  const [lowAt, highAt] = isLittleEndian ? [0, 8] : [8, 0];
  return (offset) => {
    const high = view.getBigUint64(offset + highAt, isLittleEndian);
    const head = Number(high >> 48n);
    const exponent = head & EXPONENT_OF_LONG_DOUBLES;
    const fraction = ((high & 0xffffffffffffn) << 64n) | view.getBigUint64(offset + lowAt, isLittleEndian);
    const significand = exponent === 0 ? fraction : fraction | (1n << 112n);
    return toNumber({ isNegative: head >> 15 === 1, exponent, significand, fractionBits: 112 });
  };
}

interface LongDouble {
  readonly isNegative: boolean;
  /** As it is stored: 16,383 more than the power of two. */
  readonly exponent: number;
  /** With its leading one, which only zeros and the tiniest numbers do not have. */
  readonly significand: bigint;
  readonly fractionBits: number;
}

function toNumber({ isNegative, exponent, significand, fractionBits }: LongDouble): number {
  const sign = isNegative ? -1 : 1;
  if (exponent === EXPONENT_OF_LONG_DOUBLES)
    return BigInt.asUintN(fractionBits, significand) === 0n ? sign * Infinity : Number.NaN;
  if (significand === 0n) return sign * 0;
  const power = exponent - BIAS_OF_LONG_DOUBLES;
  // Below are those too that have no leading one.
  if (power > 1023 || power < -1075) throw unreadable();
  const bits = power < -1022 ? power + 1075 : 53;
  const value = Number(rounded(significand, fractionBits + 1 - bits)) * 2 ** (power + 1 - bits);
  if (value === 0 || value === Infinity) throw unreadable();
  return sign * value;
}

function unreadable(): Error {
  return new Error(
    'it is no long double of this kind of machine that float64 can hold; save it with astype("float64") where it was made.',
  );
}

/** `value / 2^bits` to the nearest integer, of two as near ones to the even one. */
function rounded(value: bigint, bits: number): bigint {
  const dropped = BigInt(bits);
  const quotient = value >> dropped;
  const rest = value - (quotient << dropped);
  const half = 1n << (dropped - 1n);
  const isUp = rest > half || (rest === half && quotient % 2n === 1n);
  return isUp ? quotient + 1n : quotient;
}
