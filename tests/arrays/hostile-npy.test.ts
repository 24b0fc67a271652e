import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { decodeNpy, readNpy, readNpyHeader } from "../../src/arrays/npy/read-npy.ts";
import { testFolder } from "../process/support/test-folder.ts";

function npy(header: string, data: Uint8Array = Buffer.alloc(0), version = 1): Buffer {
  const text = Buffer.from(header, version === 3 ? "utf8" : "latin1");
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  if (version === 1) length.writeUInt16LE(text.length);
  else length.writeUInt32LE(text.length);
  return Buffer.concat([Buffer.from("\x93NUMPY", "latin1"), Buffer.from([version, 0]), length, text, data]);
}

function header(descr: string, shape: string, order = "False"): string {
  return `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`;
}

const WHOLE = npy(header("'<i4'", "(3,)"), Buffer.alloc(12));

test.each<[what: string, bytes: Buffer, problem: RegExp]>([
  ["an empty file", Buffer.alloc(0), /does not begin as an \.npy file/],
  ["another file", Buffer.from("hello world"), /does not begin as an \.npy file/],
  ["an unknown version", npy("{}", Buffer.alloc(0), 9), /version 9 is not 1, 2 or 3/],
  ["a file that is cut off in its header", WHOLE.subarray(0, 30), /ends within its header/],
  ["a file that is cut off in its data", WHOLE.subarray(0, WHOLE.length - 1), /needs 12 bytes, and 11 are there/],
  ["bytes after the data", Buffer.concat([WHOLE, Buffer.from([0])]), /needs 12 bytes, and 13 are there/],
  ["a header that says it has 4 GB", npyOfLength(0xffff_ffff), /said to have 4294967295 bytes/],
  ["a giant shape", npy(header("'<f8'", "(1000000000000,)")), /needs 8000000000000 bytes/],
  ["a shape whose size overflows", npy(header("'<f8'", `(${"4294967296, ".repeat(4)})`)), /larger than any file/],
  ["a size beyond 2^53", npy(header("'<f8'", "(9007199254740993,)")), /no value that a header may hold/],
  ["a negative size", npy(header("'<f8'", "(-1,)")), /no tuple of sizes/],
  ["too many dimensions", npy(header("'<f8'", `(${"1, ".repeat(65)})`)), /more than 64 dimensions/],
  ["very many empty items", npy(header("'<U0'", "(1000000000,)")), /too many items that are empty/],
  [
    "code instead of a literal",
    npy(header("__import__('os').system('true')", "(1,)")),
    /no value that a header may hold/,
  ],
  ["a sum instead of a number", npy(header("'<f8'", "(1+1,)")), /"," or "\)" is missing/],
  ["a header without an end", npy("{'descr': '<f8"), /a text has no end/],
  ["a header nested deeply", npy("(".repeat(60_000)), /nested too deeply/],
  ["a dtype nested deeply", npy(header(`${"[('a', ".repeat(4_000)}'<f8'`, "()")), /nested too deeply/],
  ["a header that is no dict", npy("[1, 2]"), /header is not \{descr, fortran_order, shape\}/],
  ["a missing key", npy("{'descr': '<f8', 'shape': ()}"), /header is not \{descr/],
  ["a key too many", npy(header("'<f8'", "()").replace("}", "'x': 1}")), /header is not \{descr/],
  ["a key given twice", npy("{'descr': '<f8', 'descr': '|O'}"), /"descr" is there twice/],
  ["an order that is no truth value", npy(header("'<f8'", "(1,)", "1"), Buffer.alloc(8)), /header is not \{descr/],
  ["an unknown dtype", npy(header("'<q8'", "(1,)"), Buffer.alloc(8)), /dtype "<q8" is not known/],
  ["a size that a kind does not have", npy(header("'<i3'", "(1,)"), Buffer.alloc(3)), /"<i3" has a size/],
  [
    "a float of 80 bits alone, which C never stores",
    npy(header("'<f10'", "(1,)"), Buffer.alloc(10)),
    /"<f10" has a size/,
  ],
  ["a field given twice", npy(header("[('a', '<f8'), ('a', '<f8')]", "()"), Buffer.alloc(16)), /field "a" twice/],
  ["a field of giant shape", npy(header("[('a', '<f8', (9007199254740991,))]", "()")), /larger than any file/],
])("%s is refused with what is wrong", async (_, bytes, problem) => {
  const path = join(await testFolder(), "array.npy");
  await writeFile(path, bytes);
  const expected: unknown = expect.objectContaining({
    code: "DATA_MALFORMED",
    message: expect.stringMatching(problem) as unknown,
  });
  await expect(readNpy(path)).rejects.toEqual(expected);
  expect(() => decodeNpy(bytes, path)).toThrow(expected);
});

test("every beginning of a file is refused, and nothing else happens", () => {
  for (let length = 0; length < WHOLE.length; length++)
    expect(() => decodeNpy(WHOLE.subarray(0, length), "part")).toThrow(
      expect.objectContaining({ code: "DATA_MALFORMED" }),
    );
});

test("files whose bytes were changed are read or refused, never anything else", () => {
  let seed = 7;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let round = 0; round < 3_000; round++) {
    const bytes = Buffer.from(WHOLE);
    for (let change = 0; change <= random(3); change++) bytes[random(bytes.length)] = random(256);
    try {
      decodeNpy(bytes, "changed");
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/^DATA_(MALFORMED|PICKLED)$/) as unknown });
    }
  }
});

test.each([
  ["'|O'", "(1,)"],
  ["[('a', '<f8'), ('b', '|O')]", "(1,)"],
])("an array of objects (%s) is told as a pickle and not opened", async (descr, shape) => {
  const path = join(await testFolder(), "objects.npy");
  await writeFile(path, npy(header(descr, shape), Buffer.from("cos\nsystem\n(S'touch executed'\ntR.")));
  await expect(readNpy(path)).rejects.toMatchObject({ code: "DATA_PICKLED" });
  expect(await readNpyHeader(path)).toMatchObject({ isPickled: true });
});

test("numbers of Python 2 and headers in UTF-8 are understood", () => {
  expect(decodeNpy(npy(header("'<i4'", "(3L,)"), Buffer.alloc(12)), "old").shape).toEqual([3]);
  const named = decodeNpy(npy(header("[('größe', '<i4')]", "(1,)"), Buffer.alloc(4), 3), "new");
  expect(named.dtype).toMatchObject({ fields: [{ name: "größe" }] });
});

test("a file that is not there, and a folder, are told as such", async () => {
  const folder = await testFolder();
  for (const path of [join(folder, "gone.npy"), folder])
    await expect(readNpy(path)).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
});

function npyOfLength(length: number): Buffer {
  const bytes = npy("{}", Buffer.alloc(0), 2);
  bytes.writeUInt32LE(length, 8);
  return bytes;
}
