import { expect, test } from "vitest";

import { longDoubleReader, type LongDoubleForm } from "./float-reader.ts";

/** The value of the 16 bytes that the digits say, the most significant first. */
function read(form: LongDoubleForm, digits: string): readonly [big: number, little: number] {
  const bytes = Buffer.from(digits.replaceAll(" ", "").padStart(32, "ab"), "hex");
  const big = longDoubleReader(
    { sizeBytes: 16, isLittleEndian: false },
    form,
    new DataView(new Uint8Array(bytes).buffer),
  );
  const reversed = new Uint8Array(bytes.toReversed());
  const little = longDoubleReader({ sizeBytes: 16, isLittleEndian: true }, form, new DataView(reversed.buffer));
  return [big(0), little(0)];
}

// From the encodings that the formats define; the values of 0.1 and of pi are those nearest to them in each format.
test.each([
  ["x87", "3fff 8000000000000000", 1],
  ["x87", "bfff c000000000000000", -1.5],
  ["x87", "3ffb cccccccccccccccd", 0.1],
  ["x87", "4000 c90fdaa22168c235", Math.PI],
  ["x87", "0000 0000000000000000", 0],
  ["x87", "8000 0000000000000000", -0],
  ["x87", "7fff 8000000000000000", Infinity],
  ["x87", "ffff 8000000000000000", -Infinity],
  ["x87", "7fff c000000000000000", Number.NaN],
  ["x87", "43fe fffffffffffff800", Number.MAX_VALUE],
  ["x87", "3bcd 8000000000000000", Number.MIN_VALUE],
  ["x87", "3bcc 8000000000000001", Number.MIN_VALUE],
  ["binary128", "3fff0000000000000000000000000000", 1],
  ["binary128", "bfff8000000000000000000000000000", -1.5],
  ["binary128", "3ffb999999999999999999999999999a", 0.1],
  ["binary128", "4000921fb54442d18469898cc51701b8", Math.PI],
  ["binary128", "00000000000000000000000000000000", 0],
  ["binary128", "80000000000000000000000000000000", -0],
  ["binary128", "7fff0000000000000000000000000000", Infinity],
  ["binary128", "7fff8000000000000000000000000000", Number.NaN],
  ["binary128", "3bcd0000000000000000000000000000", Number.MIN_VALUE],
  ["binary128", "3fff0000000000000800000000000000", 1],
  ["binary128", "3fff0000000000000800000000000001", 1 + Number.EPSILON],
  ["binary128", "3fff0000000000001800000000000000", 1 + 2 * Number.EPSILON],
] as const)("%s %s is %d in either byte order", (form, digits, value) => {
  expect(read(form, digits)).toEqual([value, value]);
});

test.each([
  ["what no x87 processor computes", "x87", "3fff 4000000000000000"],
  ["what is beyond the largest number", "x87", "43ff 8000000000000000"],
  ["what is beyond it when it is rounded", "x87", "43fe ffffffffffffffff"],
  ["what is zero when it is rounded", "x87", "3bcc 8000000000000000"],
  ["what is next to zero", "x87", "0000 7fffffffffffffff"],
  ["0.1 of a machine that computes with binary128", "x87", "9999 999999999999999a"],
  ["what is beyond the largest number when it is rounded,", "binary128", "43feffffffffffffffffffffffffffff"],
  ["what is next to zero,", "binary128", "0000ffffffffffffffffffffffffffff"],
] as const)("%s is refused as %s", (_, form, digits) => {
  expect(() => read(form, digits)).toThrow(/no long double of this kind of machine.*astype\("float64"\)/);
});
