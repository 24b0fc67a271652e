import { open, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { readNpy } from "../../../src/arrays/npy/read-npy.ts";
import { typedArrayOf } from "../../../src/arrays/npy/typed-array.ts";
import type { Benchmark } from "../../support/harness/benchmark.ts";

const BYTES = 100_000_000;
const HEADER = `{'descr': '<f8', 'fortran_order': False, 'shape': (${BYTES / 80}, 10), }`.padEnd(117) + "\n";

export const npy: Benchmark = {
  name: "npy",
  title: "an `.npy` of 100 MB as a typed array",
  peer: "reading the file into a buffer",
  unit: "ms",
  bound: { compare: "ratio", atMost: 1.25 },
  rounds: 15,
  prepare: async ({ folder }) => {
    const path = join(folder, "array.npy");
    await writeFile(path, arrayFile());
    const items = typedArrayOf(await readNpy(path));
    if (items?.length !== BYTES / 8 || items[3] !== 3) throw new Error("The array is not the one that was written.");
    return {
      ours: () => timed(async () => typedArrayOf(await readNpy(path))),
      peer: () => timed(() => readWhole(path)),
    };
  },
};

function arrayFile(): Buffer {
  const prefix = Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, HEADER.length, 0]);
  const items = Float64Array.from({ length: BYTES / 8 }, (_, index) => index);
  return Buffer.concat([prefix, Buffer.from(HEADER), Buffer.from(items.buffer)]);
}

async function readWhole(path: string): Promise<Buffer> {
  const { size } = await stat(path);
  const file = await open(path, "r");
  try {
    const buffer = Buffer.allocUnsafeSlow(size);
    for (let done = 0; done < size;) done += (await file.read(buffer, done, size - done, done)).bytesRead;
    return buffer;
  } finally {
    await file.close();
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
