import { extname } from "node:path";

import type { Column } from "../model/definition/signature.ts";
import type { ExactJson } from "../model/ports/predictor.ts";
import { malformed } from "./malformed.ts";
import { fieldsOf, itemsOf, type ReadAt } from "./npy/array-items.ts";
import { readNpy, type NpyArray } from "./npy/read-npy.ts";
import { readNpz } from "./npz/read-npz.ts";
import { isSparse, sparseMatrix } from "./npz/sparse-matrix.ts";
import { rowValue } from "./row-value.ts";

/** Rows out of arrays. */
export interface ArrayTable {
  readonly rowCount: number;
  /** Names of the values of each row; null where nothing names them. */
  readonly names: readonly string[] | null;
  /** A list of values in the order of the names. */
  readonly row: (index: number) => readonly ExactJson[];
}

/** Rows without values, as an array of shape (2^40, 0) has them, come from no data set. */
const MOST_EMPTY_ROWS = 1_000_000;

/**
 * Reads a file of arrays as rows: an array of records, a matrix, a sparse matrix of scipy, or an archive whose arrays have as
 * many items each: one a column, and at most one matrix whose columns have the signature's names.
 * @param columns - of the signature; undefined without one.
 * @throws Failure `FILE_NOT_FOUND`, `DATA_MALFORMED`, `DATA_PICKLED`.
 */
export async function readArrayTable(path: string, columns: readonly Column[] | undefined): Promise<ArrayTable> {
  const table =
    extname(path).toLowerCase() === ".npz"
      ? fromArchive(await readNpz(path), { path, columns })
      : fromArray(await readNpy(path), columns);
  return withRowValues(table, { path, columns });
}

/**
 * Rows that were got out of a pickle, as those of an array.
 * @throws Failure `DATA_MALFORMED`.
 */
export function tableOfRows(
  { names, rows }: { readonly names: readonly string[] | null; readonly rows: readonly (readonly ExactJson[])[] },
  { path, columns }: Origin,
): ArrayTable {
  const width = rows[0]?.length ?? columns?.length ?? 0;
  const uneven = rows.findIndex((row) => row.length !== (names?.length ?? width));
  if (uneven >= 0) throw malformed(path, `row ${uneven} in it has not as many values as the others.`);
  const found = names ?? namesFor(width, { path, columns });
  return withRowValues({ rowCount: rows.length, names: found, row: (index) => rows[index] ?? [] }, { path, columns });
}

interface Origin {
  readonly path: string;
  readonly columns: readonly Column[] | undefined;
}

function fromArray(array: NpyArray, columns: readonly Column[] | undefined): ArrayTable {
  const { shape, dtype, where } = array;
  const [rowCount = 0, width = 0] = shape;
  if (dtype.kind === "complex")
    throw malformed(where, "complex numbers are no values of rows.", "Store the parts as columns.");
  if (dtype.kind === "record" && shape.length === 1) return fromColumns(fieldsOf(array), rowCount);
  if (shape.length < 2)
    throw malformed(
      where,
      `its shape (${shape.join(", ")}) is not that of a table of rows.`,
      "Use array.reshape(-1, 1) for many rows of one value, array.reshape(1, -1) for one row.",
    );
  if (width === 0 && rowCount > MOST_EMPTY_ROWS) throw malformed(where, `its ${rowCount} rows are empty.`);
  const readAt = itemsOf(array);
  const names = shape.length === 2 ? namesFor(width, { path: where, columns }) : null;
  return { rowCount, names, row: (index) => readAt(index) as readonly ExactJson[] };
}

function fromArchive(arrays: ReadonlyMap<string, NpyArray>, origin: Origin): ArrayTable {
  const { path } = origin;
  if (isSparse(new Set(arrays.keys()))) return fromSparse(arrays, origin);
  const [only, ...others] = arrays.values();
  if (only !== undefined && others.length === 0 && (only.shape.length > 1 || only.dtype.kind === "record"))
    return fromArray(only, origin.columns);
  const rowCount = only?.shape[0] ?? 0;
  const uneven = [...arrays].find(([, { shape }]) => shape.length === 0 || shape[0] !== rowCount);
  if (uneven !== undefined) throw malformed(path, `the array "${uneven[0]}" has not as many items as the others.`);
  const wide = [...arrays].filter(([, { shape }]) => shape.length > 1);
  if (wide.length > 1)
    throw malformed(path, `more than one of its arrays is a matrix: ${wide.map(([name]) => name).join(", ")}.`);
  return fromColumns(
    [...arrays].flatMap(([name, array]) =>
      array.shape.length > 1 ? columnsOf(array, origin) : [{ name, readAt: itemsOf(array) }],
    ),
    rowCount,
  );
}

/** The columns of a matrix beside others: they need names. */
function columnsOf(array: NpyArray, { columns }: Origin): readonly NamedColumn[] {
  const { names, row } = fromArray(array, columns);
  if (names === null)
    throw malformed(
      array.where,
      "nothing tells the names of its columns.",
      "Give the model a signature with as many columns, or store one array a column.",
    );
  return names.map((name, column) => ({ name, readAt: (index) => row(index)[column] ?? null }));
}

function fromSparse(arrays: ReadonlyMap<string, NpyArray>, origin: Origin): ArrayTable {
  const { rowCount, columnCount, row } = sparseMatrix(arrays, origin.path);
  return { rowCount, names: namesFor(columnCount, origin), row };
}

interface NamedColumn {
  readonly name: string;
  readonly readAt: ReadAt;
}

function fromColumns(columns: readonly NamedColumn[], rowCount: number): ArrayTable {
  return {
    rowCount,
    names: columns.map(({ name }) => name),
    row: (index) => columns.map(({ readAt }) => readAt(index)),
  };
}

/** The columns of a matrix are those of the signature, in its order. */
function namesFor(width: number, { path, columns }: Origin): readonly string[] | null {
  if (columns === undefined) return null;
  if (columns.length === width) return columns.map(({ name }) => name);
  throw malformed(
    path,
    `it has ${width} columns, and the signature names ${columns.length}.`,
    "Save a structured array (DataFrame.to_records) or numpy.savez with one array a column: those have names.",
  );
}

function withRowValues(table: ArrayTable, { path, columns = [] }: Origin): ArrayTable {
  requireDistinct(table.names ?? [], path);
  const byName = new Map(
    columns.flatMap((column) => [column.name, ...(column.aliases ?? [])].map((name) => [name, column])),
  );
  const keepsNaN = (table.names ?? []).map((name) => {
    const column = byName.get(name);
    return column !== undefined && column.nullable !== true && column.type === "float";
  });
  return { ...table, row: (index) => table.row(index).map((value, at) => rowValue(value, keepsNaN[at] ?? false)) };
}

function requireDistinct(names: readonly string[], path: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name))
      throw malformed(path, `the column "${name}" is there twice.`, "Give every column a name of its own.");
    seen.add(name);
  }
}
