import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";

import { readArrayTable } from "../../src/arrays/array-table.ts";
import { readNpz } from "../../src/arrays/npz/read-npz.ts";
import { testFolder } from "../process/support/test-folder.ts";
import { folderMadeBy } from "./support/run-python.ts";

const MAKE = `
import io, json, zipfile
import numpy as np, scipy.sparse as sp
rng = np.random.default_rng(3)
X = rng.normal(size=(20, 3)); age = rng.integers(18, 90, 20); plan = rng.choice(["basic", "plus"], 20)
np.savez("stored.npz", X=X, age=age)
np.savez_compressed("deflated.npz", X=X, age=age)
np.savez("columns.npz", age=age, plan=plan, score=np.where(age > 50, np.nan, 0.5))
np.savez("matrix.npz", X)
np.savez("labelled.npz", X=X, y=age)
np.savez("uneven.npz", a=np.arange(3), b=np.arange(4))
np.savez("two.npz", a=X, b=X)
np.savez("objects.npz", a=np.array([object], dtype=object))
np.savez("empty.npz")
np.savez("complex.npz", np.array([[1j]]))

def member(array):
    out = io.BytesIO(); np.save(out, array); return out.getvalue()

with zipfile.ZipFile("zip64.npz", "w") as zip:
    with zip.open("X.npy", "w", force_zip64=True) as out: out.write(member(X))
class Unseekable(io.RawIOBase):
    def __init__(self, file): self.file = file
    def writable(self): return True
    def write(self, data): return self.file.write(data)
with open("descriptor.npz", "wb") as file, zipfile.ZipFile(Unseekable(file), "w", zipfile.ZIP_DEFLATED) as zip:
    zip.writestr("X.npy", member(X))
with zipfile.ZipFile("twice.npz", "w") as zip:
    zip.writestr("a.npy", member(age)); zip.writestr("a.npy", member(age))
with zipfile.ZipFile("escape.npz", "w") as zip: zip.writestr("../a.npy", member(age))
with zipfile.ZipFile("bomb.npz", "w", zipfile.ZIP_DEFLATED) as zip:
    zip.writestr("a.npy", member(np.zeros(40_000_000)))
with zipfile.ZipFile("many.npz", "w") as zip:
    for number in range(10_001): zip.writestr("%d.npy" % number, b"")

sparse = {}
for name, matrix in {
    "float": sp.random(30, 7, 0.2, random_state=1), "int": sp.random(9, 40, 0.3, random_state=2, data_rvs=lambda n: rng.integers(-9, 9, n)).astype("i8"),
    "bool": sp.random(5, 5, 0.4, random_state=3).astype(bool), "empty": sp.coo_matrix((4, 3)), "rows": sp.coo_matrix((0, 3)),
    "twice": sp.coo_matrix(([1.0, 2.0, 5.0], ([0, 0, 1], [1, 1, 0])), shape=(2, 2)),
}.items():
    for form in ("csr", "csc", "coo"):
        file = "sparse-%s-%s.npz" % (name, form)
        sp.save_npz(file, matrix.asformat(form), compressed=form != "csc")
        sparse[file] = matrix.toarray().tolist()
sp.save_npz("bsr.npz", sp.random(4, 4, 0.5).tobsr())
sp.save_npz("csr_array.npz", sp.csr_array(np.eye(3)))
good = sp.csr_matrix(np.eye(3))
def broken(file, **changes):
    parts = dict(data=good.data, indices=good.indices, indptr=good.indptr, shape=np.array([3, 3]), format=b"csr") | changes
    np.savez(file, **parts)
broken("wide.npz", shape=np.array([10**12, 10**12]))
broken("tall.npz", shape=np.array([10**12, 0]), format=b"coo")
broken("outside.npz", indices=np.array([0, 1, 9]))
broken("falling.npz", indptr=np.array([0, 3, 1, 3]))
broken("short.npz", indptr=np.array([0, 1]))
broken("floats.npz", indices=np.array([0., 1., 2.]))
broken("shapeless.npz", shape=np.array([3]))
broken("texts.npz", data=np.array(["a", "b", "c"]))
json.dump({"X": X.tolist(), "age": age.tolist(), "plan": plan.tolist(), "sparse": sparse}, open("values.json", "w"))
`;

interface Values {
  readonly X: readonly (readonly number[])[];
  readonly age: readonly number[];
  readonly plan: readonly string[];
  readonly sparse: Readonly<Record<string, readonly unknown[]>>;
}

let folder = "";
let values: Values;
beforeAll(async () => {
  folder = await folderMadeBy(MAKE);
  values = JSON.parse(await readFile(join(folder, "values.json"), "utf8")) as Values;
});

const column = (name: string, nullable = false) => ({ name, type: "float", nullable }) as const;
const COLUMNS = ["a", "b", "c"].map((name) => column(name));

async function rowsOf(file: string, columns?: Parameters<typeof readArrayTable>[1]) {
  const { rowCount, names, row } = await readArrayTable(join(folder, file), columns);
  return { names, rows: Array.from({ length: rowCount }, (_, index) => row(index)) };
}

test.each(["stored.npz", "deflated.npz"])("the arrays of %s are found by their names", async (file) => {
  const arrays = await readNpz(join(folder, file));
  expect([...arrays].map(([name, { shape }]) => [name, shape])).toEqual([
    ["X", [20, 3]],
    ["age", [20]],
  ]);
});

test.each(["matrix.npz", "zip64.npz", "descriptor.npz"])("the only matrix of %s has the rows", async (file) => {
  expect(await rowsOf(file)).toEqual({ names: null, rows: values.X });
  expect(await rowsOf(file, COLUMNS)).toEqual({ names: ["a", "b", "c"], rows: values.X });
});

test("arrays of one length are columns; what is not a number is null, or stays where the signature takes no null", async () => {
  const expected = (missing: string | null) =>
    values.age.map((age, index) => [age, values.plan[index], age > 50 ? missing : 0.5]);
  const names = ["age", "plan", "score"];
  expect(await rowsOf("columns.npz")).toEqual({ names, rows: expected(null) });
  expect(await rowsOf("columns.npz", [column("score", true)])).toEqual({ names, rows: expected(null) });
  expect(await rowsOf("columns.npz", [column("score")])).toEqual({ names, rows: expected("NaN") });
});

test("a matrix beside other arrays has the names of the signature's columns", async () => {
  const rows = values.X.map((row, index) => [...row, values.age[index]]);
  expect(await rowsOf("labelled.npz", COLUMNS)).toEqual({ names: ["a", "b", "c", "y"], rows });
  const taken = rowsOf("labelled.npz", [column("y"), ...COLUMNS.slice(1)]);
  await expect(taken).rejects.toThrow('the column "y" is there twice');
});

test("sparse matrices of scipy are written out as scipy does", async () => {
  for (const [file, rows] of Object.entries(values.sparse)) expect((await rowsOf(file)).rows, file).toEqual(rows);
  expect(Object.keys(values.sparse)).toHaveLength(18);
  expect((await rowsOf("csr_array.npz", COLUMNS)).names).toEqual(["a", "b", "c"]);
});

describe("is refused", () => {
  test.each([
    ["labelled.npz", /nothing tells the names of its columns/],
    ["uneven.npz", /"b" has not as many items/],
    ["two.npz", /more than one of its arrays is a matrix: a, b/],
    ["empty.npz", /has no arrays/],
    ["complex.npz", /complex numbers are no values of rows/],
    ["twice.npz", /the member a\.npy twice/],
    ["escape.npz", /invalid relative path/],
    ["bomb.npz", /says that \d+ bytes unpack to 320000128/],
    ["many.npz", /more than 10000 members/],
    ["bsr.npz", /form bsr are not read/],
    ["wide.npz", /too many to be written out/],
    ["tall.npz", /too many to be written out/],
    ["outside.npz", /index 9 is outside/],
    ["falling.npz", /do not fit together/],
    ["short.npz", /do not fit together/],
    ["floats.npz", /member indices is missing or no list of integers/],
    ["shapeless.npz", /not that of a matrix/],
    ["texts.npz", /member data is no list of numbers/],
  ])("%s", async (file, message) => {
    await expect(rowsOf(file)).rejects.toMatchObject({
      code: "DATA_MALFORMED",
      message: expect.stringMatching(message) as unknown,
    });
  });

  test("an archive with an array of objects", async () => {
    await expect(rowsOf("objects.npz")).rejects.toMatchObject({ code: "DATA_PICKLED" });
  });

  test("a matrix of another width than the signature", async () => {
    await expect(rowsOf("matrix.npz", [column("a")])).rejects.toThrow(/it has 3 columns, and the signature names 1/);
  });

  test.each([
    ["cut off", (bytes: Buffer) => bytes.subarray(0, bytes.length - 10)],
    ["changed within a member", (bytes: Buffer) => changed(bytes, 200)],
    ["said to unpack to another size", (bytes: Buffer) => changed(bytes, bytes.indexOf("PK\x01\x02") + 24)],
  ])("an archive that is %s", async (_, damage) => {
    const path = join(await testFolder(), "damaged.npz");
    await writeFile(path, damage(await readFile(join(folder, "deflated.npz"))));
    await expect(readNpz(path)).rejects.toMatchObject({ code: "DATA_MALFORMED" });
  });

  test("an .npz that is an .npy", async () => {
    const path = join(await testFolder(), "text.npz");
    await copyFile(join(folder, "values.json"), path);
    await expect(readNpz(path)).rejects.toMatchObject({ code: "DATA_MALFORMED" });
  });
});

function changed(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 0x55;
  return copy;
}
