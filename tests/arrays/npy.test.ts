import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";

import { itemsOf } from "../../src/arrays/npy/array-items.ts";
import { readNpy, type NpyArray } from "../../src/arrays/npy/read-npy.ts";
import { typedArrayOf } from "../../src/arrays/npy/typed-array.ts";
import { folderMadeBy } from "./support/run-python.ts";

interface Case {
  readonly file: string;
  readonly shape: readonly number[];
  readonly values: unknown;
}

let folder = "";
let cases: readonly Case[] = [];
beforeAll(async () => {
  folder = await folderMadeBy("make_arrays.py");
  cases = JSON.parse(readFileSync(join(folder, "cases.json"), "utf8")) as readonly Case[];
});

test("arrays of every dtype, byte order, memory order, version and shape have the values that NumPy gives", async () => {
  expect(cases.length).toBeGreaterThan(150);
  for (const { file, shape, values } of cases) {
    const array = await readNpy(join(folder, file));
    expect(array.shape, file).toEqual(shape);
    expect(valuesOf(array), file).toEqual(values);
  }
});

test("typed arrays hold the items as they are stored, in either byte order", async () => {
  for (const code of ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"]) {
    for (const order of ["little", "big"]) {
      const array = await readNpy(join(folder, `${code}-${order}.npy`));
      const items = [...(typedArrayOf(array) ?? [])];
      expect(plain(items), `${code} ${order}`).toEqual((valuesOf(array) as readonly unknown[]).flat());
    }
  }
});

test("a typed array lies over the bytes that were read", async () => {
  const array = await readNpy(join(folder, "f8-little.npy"));
  expect(typedArrayOf(array)?.buffer).toBe(array.data.buffer);
});

test("half precision, complex numbers and texts have no typed array", async () => {
  for (const code of ["f2", "c16", "S5", "U7", "M8[s]"])
    expect(typedArrayOf(await readNpy(join(folder, `${code}-little.npy`))), code).toBeNull();
});

function valuesOf(array: NpyArray): unknown {
  const readAt = itemsOf(array);
  const [size] = array.shape;
  return plain(size === undefined ? readAt(0) : Array.from({ length: size }, (_, index) => readAt(index)));
}

/** In the words of the script that made the cases. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint")
    return Math.abs(Number(value)) < Number.MAX_SAFE_INTEGER ? Number(value) : `${String(value)}n`;
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]));
  return value;
}
