import { stat } from "node:fs/promises";

import { Failure } from "../kernel/failure.ts";

/**
 * The path of a file of rows, if there is one.
 * @throws Failure `FILE_NOT_FOUND`.
 */
export async function requireRowsFile(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile() === true) return path;
  throw new Failure("FILE_NOT_FOUND", {
    message: `There is no file of rows ${path}.`,
    hint: "Give a .json, .jsonl, .csv, .npy or .npz file.",
  });
}
