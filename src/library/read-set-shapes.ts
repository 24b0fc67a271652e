import { readNpyHeader } from "../arrays/npy/read-npy.ts";
import { itemsOf } from "../arrays/npy/array-items.ts";
import { readNpz } from "../arrays/npz/read-npz.ts";
import { Failure } from "../kernel/failure.ts";
import type { DataSetFiles } from "../lifecycle/model-configs/plan-model-config.ts";

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
  if (!path.toLowerCase().endsWith(".npz")) return (await readNpyHeader(path)).shape;
  const shape = (await readNpz(path)).get("shape");
  if (shape === undefined)
    throw malformed(`${path} is no sparse matrix of scipy.`, "Write it with scipy.sparse.save_npz.");
  const readAt = itemsOf(shape);
  return Array.from({ length: shape.shape[0] ?? 0 }, (_, index) => Number(readAt(index)));
}

function malformed(message: string, hint?: string): Failure {
  return new Failure("DATA_MALFORMED", { message, hint });
}
