import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";

import { digestArrayRows } from "../../src/lifecycle/training/facts/digest-array-rows.ts";
import { digestRows } from "../../src/tabular/digest-rows.ts";
import { folderMadeBy } from "./support/run-python.ts";

const MAKE = `
import numpy as np
records = np.array([(2**53 + 1, "x", np.nan), (2, "y", 1.5), (2, "y", 1.5)], dtype=[("a", "<i8"), ("b", "<U3"), ("c", "<f8")])
np.save("records.npy", records)
np.save("reversed.npy", records[::-1])
np.savez_compressed("columns.npz", **{name: records[name] for name in ("c", "a", "b")})
np.save("changed.npy", np.append(records[:2], records[:1]))
np.save("matrix.npy", np.arange(12.0).reshape(4, 3))
np.save("mixed.npy", np.asfortranarray(np.arange(12.0).reshape(4, 3)[[2, 0, 3, 1]]).astype(">f8"))
np.save("many.npy", np.zeros((2**21 + 1, 2), dtype="u1"))
np.savez_compressed("zeros.npz", a=np.zeros((1000, 1000)))
np.save("objects.npy", np.array([[None]], dtype=object))
`;

let folder = "";
beforeAll(async () => {
  folder = await folderMadeBy(MAKE);
});

const signal = new AbortController().signal;
const digestOf = (file: string) => digestArrayRows(join(folder, file), { mostBytes: 2 ** 22 + 1_000, signal });

test("rows in another order, columns in another order and another form have one digest, also that of JSON", async () => {
  const one = await digestOf("records.npy");
  expect(one?.rowCount).toBe(3);
  expect(await digestOf("reversed.npy")).toEqual(one);
  expect(await digestOf("columns.npz")).toEqual(one);
  const lines = ['{"a":2,"b":"y","c":1.5}', '{"a":9007199254740993,"b":"x","c":null}', '{"a":2,"b":"y","c":1.5}'];
  await writeFile(join(folder, "rows.jsonl"), lines.join("\n"));
  expect(await digestRows(join(folder, "rows.jsonl"), signal)).toEqual(one);
  expect(await digestOf("mixed.npy")).toEqual(await digestOf("matrix.npy"));
});

test("another row is a change", async () => {
  expect((await digestOf("changed.npy"))?.digest).not.toBe((await digestOf("records.npy"))?.digest);
});

test.each(["many.npy", "zeros.npz"])("%s is too large to be looked at row by row", async (file) => {
  expect(await digestOf(file)).toBeNull();
});

test("pickled arrays are not opened for a digest, and an abort ends it with the signal's reason", async () => {
  await expect(digestOf("objects.npy")).rejects.toMatchObject({ code: "DATA_PICKLED" });
  const aborted = { mostBytes: 1_000, signal: AbortSignal.abort(new Error("enough")) };
  await expect(digestArrayRows(join(folder, "matrix.npy"), aborted)).rejects.toThrow("enough");
});
