import type { ExactJson } from "../../model/ports/predictor.ts";
import { malformed } from "../malformed.ts";
import { itemsOf, type ReadAt } from "../npy/array-items.ts";
import type { NpyArray } from "../npy/read-npy.ts";

type Arrays = ReadonlyMap<string, NpyArray>;

/** A matrix that scipy stored by its values that are not zero, as full rows. */
export interface SparseMatrix {
  readonly rowCount: number;
  readonly columnCount: number;
  readonly row: (index: number) => readonly ExactJson[];
}

/** Which values stand in a row, and in which columns. */
interface Entries {
  readonly starts: Float64Array;
  readonly columns: Float64Array;
  /** Places of the values in `data`, where they are not in order of rows. */
  readonly places: Float64Array | null;
}

const FORMATS = ["csr", "csc", "coo"];
const ZEROS: Readonly<Record<string, ExactJson>> = { bool: false, integer: 0, unsigned: 0, float: 0 };
/** What a matrix may be written out to: a small file can stand for any number of zeros. */
const MOST_CELLS = 50_000_000;

/** True for the arrays that `scipy.sparse.save_npz` writes. */
export function isSparse(names: ReadonlySet<string>): boolean {
  return ["format", "shape", "data"].every((name) => names.has(name));
}

/** `csr`, `csc`, … @throws Failure `DATA_MALFORMED`. */
export function sparseFormat(arrays: Arrays, where: string): string {
  const array = arrays.get("format");
  const format = array === undefined ? null : itemsOf(array)(0);
  if (typeof format === "string") return format;
  throw malformed(where, "its member format is no text.");
}

/**
 * The matrix of scipy's `save_npz`: CSR, CSC or COO. Values that stand in the same place add up, as in scipy.
 * https://docs.scipy.org/doc/scipy/reference/generated/scipy.sparse.save_npz.html
 * @throws Failure `DATA_MALFORMED` for indices that do not fit together, and for other forms.
 */
export function sparseMatrix(arrays: Arrays, where: string): SparseMatrix {
  const format = sparseFormat(arrays, where);
  if (!FORMATS.includes(format))
    throw malformed(where, `sparse matrices of the form ${format} are not read.`, "Save it with .tocsr() first.");
  const numbers = (name: string) => integersOf(arrays, name, where);
  const [rowCount = -1, columnCount = -1, ...more] = numbers("shape");
  if (rowCount < 0 || columnCount < 0 || more.length > 0) throw malformed(where, "its shape is not that of a matrix.");
  if (Math.max(1, rowCount) * Math.max(1, columnCount) > MOST_CELLS)
    throw malformed(where, `${rowCount} rows of ${columnCount} columns are too many to be written out.`);
  const size = { rowCount, columnCount, where };
  const { values, count, zero } = valuesOf(arrays, where);
  const entries =
    format === "csr"
      ? checkStored({ starts: numbers("indptr"), indices: numbers("indices"), count }, size)
      : sortByRow(
          format === "coo"
            ? { rows: numbers("row"), columns: numbers("col"), count }
            : fromColumns({ starts: numbers("indptr"), indices: numbers("indices"), count }, size),
          size,
        );
  return { rowCount, columnCount, row: (index) => denseRow(index, { entries, values, zero, columnCount }) };
}

interface Size {
  readonly rowCount: number;
  readonly columnCount: number;
  readonly where: string;
}

function denseRow(
  index: number,
  {
    entries: { starts, columns, places },
    values,
    zero,
    columnCount,
  }: {
    readonly entries: Entries;
    readonly values: ReadAt;
    readonly zero: ExactJson;
    readonly columnCount: number;
  },
): readonly ExactJson[] {
  const row = new Array<ExactJson>(columnCount).fill(zero);
  const end = starts[index + 1] ?? 0;
  for (let at = starts[index] ?? 0; at < end; at++) {
    const column = columns[at] ?? 0;
    row[column] = add(row[column] ?? zero, values(places?.[at] ?? at));
  }
  return row;
}

function add(one: ExactJson, other: ExactJson): ExactJson {
  if (typeof one === "number" && typeof other === "number") return one + other;
  if (typeof one === "boolean") return one || other === true;
  return BigInt(one as number | bigint) + BigInt(other as number | bigint);
}

interface Stored {
  /** Where each row (or column) begins among the indices; one more than there are rows. */
  readonly starts: Float64Array;
  readonly indices: Float64Array;
  readonly count: number;
}

/** Rows as they are stored, each number held against the others. */
function checkStored({ starts, indices, count }: Stored, { rowCount, columnCount, where }: Size): Entries {
  requireStarts({ starts, indices, count }, rowCount, where);
  requireWithin(indices, columnCount, where);
  return { starts, columns: indices, places: null };
}

/** Places of values by row and column. */
interface Coordinates {
  readonly rows: Float64Array;
  readonly columns: Float64Array;
  readonly count: number;
}

function fromColumns(stored: Stored, { columnCount, where }: Size): Coordinates {
  requireStarts(stored, columnCount, where);
  const { starts, indices } = stored;
  const columns = new Float64Array(indices.length);
  for (let column = 0; column < columnCount; column++) columns.fill(column, starts[column], starts[column + 1]);
  return { rows: indices, columns, count: stored.count };
}

/** Counting sort: values of one row keep their order. */
function sortByRow({ rows, columns, count }: Coordinates, { rowCount, columnCount, where }: Size): Entries {
  if (rows.length !== count || columns.length !== count)
    throw malformed(where, "it has not as many indices as values.");
  requireWithin(rows, rowCount, where);
  requireWithin(columns, columnCount, where);
  const starts = new Float64Array(rowCount + 1);
  for (const row of rows) starts[row + 1] = (starts[row + 1] ?? 0) + 1;
  for (let row = 0; row < rowCount; row++) starts[row + 1] = (starts[row + 1] ?? 0) + (starts[row] ?? 0);
  const next = starts.slice();
  const sorted = new Float64Array(count);
  const places = new Float64Array(count);
  for (const [place, row] of rows.entries()) {
    const at = next[row] ?? 0;
    next[row] = at + 1;
    sorted[at] = columns[place] ?? 0;
    places[at] = place;
  }
  return { starts, columns: sorted, places };
}

function requireStarts({ starts, indices, count }: Stored, size: number, where: string): void {
  let isRising = starts[0] === 0 && starts.length === size + 1;
  for (let index = 0; isRising && index < size; index++) isRising = (starts[index] ?? 0) <= (starts[index + 1] ?? -1);
  if (!isRising || starts[size] !== count || indices.length !== count)
    throw malformed(where, "indptr, indices and data do not fit together.");
}

function requireWithin(indices: Float64Array, size: number, where: string): void {
  const wrong = indices.find((index) => index < 0 || index >= size);
  if (wrong !== undefined) throw malformed(where, `the index ${wrong} is outside of its shape.`);
}

function valuesOf(
  arrays: Arrays,
  where: string,
): { readonly values: ReadAt; readonly count: number; readonly zero: ExactJson } {
  const array = arrays.get("data");
  const zero = array === undefined ? undefined : ZEROS[array.dtype.kind];
  if (array?.shape.length !== 1 || zero === undefined) throw malformed(where, "its member data is no list of numbers.");
  return { values: itemsOf(array), count: array.shape[0] ?? 0, zero };
}

function integersOf(arrays: Arrays, name: string, where: string): Float64Array {
  const array = arrays.get(name);
  const kind = array?.dtype.kind;
  if (array?.shape.length !== 1 || (kind !== "integer" && kind !== "unsigned"))
    throw malformed(where, `its member ${name} is missing or no list of integers.`);
  const readAt = itemsOf(array);
  return Float64Array.from({ length: array.shape[0] ?? 0 }, (_, index) => Number(readAt(index)));
}
