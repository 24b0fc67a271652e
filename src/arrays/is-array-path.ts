import { extname } from "node:path";

const ENDINGS = [".npy", ".npz"];
const PICKLE_ENDINGS = [".pkl", ".pickle", ".joblib", ".p", ".sav"];

/** True for a file name that tells that the file holds arrays. */
export function isArrayPath(path: string): boolean {
  return ENDINGS.includes(extname(path).toLowerCase());
}

/** True for a file name that tells that the file is a pickle: of rows, of a model, of anything. */
export function isPicklePath(path: string): boolean {
  return PICKLE_ENDINGS.includes(extname(path).toLowerCase());
}
