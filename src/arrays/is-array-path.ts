import { extname } from "node:path";

const ENDINGS = [".npy", ".npz"];

/** True for a file name that tells that the file holds arrays. */
export function isArrayPath(path: string): boolean {
  return ENDINGS.includes(extname(path).toLowerCase());
}
