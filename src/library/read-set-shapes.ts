import { readNpyHeader } from "../arrays/npy/read-npy.ts";
import { itemsOf } from "../arrays/npy/array-items.ts";
import { readNpz } from "../arrays/npz/read-npz.ts";
import { Failure } from "../kernel/failure.ts";
import type { DataSetFiles } from "../lifecycle/model-configs/plan-model-config.ts";

/** Older tools pickled arrays, and sparse matrices, into files of this name; to load they need no conversion. */
const IF_PICKLED =
  "If an older tool pickled it, load its folder with ModelConfig of the Python package and save it: that writes plain arrays.";

/**
 * Checks that features are a table with as many rows as there are labels. Nothing is unpickled.
 * @returns the number of columns.
 * @throws Failure `DATA_MALFORMED` naming the shapes, `FILE_NOT_FOUND`.
 */
export async function requireSetShapes([features, labels]: DataSetFiles, what: string): Promise<number> {
  const [table, column] = [await shapeOf(features), await shapeOf(labels)];
  const [rows = 0, columns] = table;
  if (table.length !== 2 || columns === undefined)
    throw malformed(`The features of ${what} have the shape (${table.join(", ")}).`, "Features are a table.");
  if (column[0] !== rows) throw malformed(`${what} has ${rows} rows of features and ${column[0] ?? "no"} labels.`);
  if (rows === 0) throw malformed(`${what} has no rows.`, "Leave it out, or give at least one row.");
  return columns;
}

/** @throws Failure `DATA_MALFORMED`. */
export function requireSameColumns(trained: number | null, tested: number | null): void {
  if (trained === null || tested === null || trained === tested) return;
  throw malformed(`trainingSet has ${trained} columns of features, testSet has ${tested}.`);
}

async function shapeOf(path: string): Promise<readonly number[]> {
  if (!path.toLowerCase().endsWith(".npz")) return shapeOfArray(path);
  const shape = (await readNpz(path)).get("shape");
  if (shape === undefined)
    throw malformed(`${path} is no sparse matrix of scipy.`, "Write it with scipy.sparse.save_npz.");
  const readAt = itemsOf(shape);
  return Array.from({ length: shape.shape[0] ?? 0 }, (_, index) => Number(readAt(index)));
}

async function shapeOfArray(path: string): Promise<readonly number[]> {
  const { shape, isPickled } = await readNpyHeader(path).catch((error: unknown) => {
    if (!(error instanceof Failure) || error.code !== "DATA_MALFORMED") throw error;
    throw new Failure(error.code, { message: error.message, hint: IF_PICKLED, cause: error });
  });
  // One object without dimensions is a whole table, which only its pickle describes.
  if (isPickled && shape.length === 0) throw malformed(`${path} holds an object instead of an array.`, IF_PICKLED);
  return shape;
}

function malformed(message: string, hint?: string): Failure {
  return new Failure("DATA_MALFORMED", { message, hint });
}
