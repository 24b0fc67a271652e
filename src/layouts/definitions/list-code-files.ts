import { posix } from "node:path";

import { CODE_FOLDER, isBeside } from "./definition-paths.ts";
import type { Reading } from "./reading.ts";

/** Larger files outside of `model_modules/` are data, which a version of the model does not carry along. */
const MAX_SIDE_FILE_BYTES = 50_000_000;

/** Paths, relative to the code root, of the files that a version keeps as its code. */
export function listCodeFiles(reading: Reading, codeRoot: string): readonly string[] {
  const prefix = codeRoot === "" ? "" : `${codeRoot}/`;
  const environments = [...reading.paths]
    .filter((path) => posix.basename(path) === "pyvenv.cfg")
    .map((path) => `${posix.dirname(path)}/`);
  const files: string[] = [];
  for (const { path, sizeBytes } of reading.snapshot.entries) {
    if (!path.startsWith(prefix)) continue;
    const file = path.slice(prefix.length);
    if (isBeside(file) || environments.some((folder) => path.startsWith(folder))) continue;
    if (sizeBytes > MAX_SIDE_FILE_BYTES && !file.startsWith(`${CODE_FOLDER}/`)) warnOfSize(reading, path, sizeBytes);
    else files.push(file);
  }
  return files.sort();
}

function warnOfSize(reading: Reading, path: string, sizeBytes: number): void {
  reading.warn("CODE_FILE_LEFT_OUT", path, {
    message: `${path} has ${Math.round(sizeBytes / 1e6)} MB and is not kept with versions of the model.`,
    remedy: "Move data out of the definition; put a file that the scorer needs into model_modules.",
  });
}
