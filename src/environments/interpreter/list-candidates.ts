import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { basename, delimiter, dirname, join, resolve } from "node:path";

export interface CandidateRequest {
  /** A path, a folder of an environment, or a name; null: whatever Python is on the search path. */
  readonly interpreter: string | null;
  /** `PATH`. */
  readonly searchPath: string;
  /** Absolute folder that relative paths begin in. */
  readonly workingFolder: string;
}

const USUAL_NAMES = ["python3", "python"];

/** Absolute paths of programs that may be the interpreter that is asked for, the likeliest first. Nothing is run. */
export function listCandidates({ interpreter, searchPath, workingFolder }: CandidateRequest): readonly string[] {
  if (interpreter?.includes("/") || interpreter === "." || interpreter === "..") {
    const path = resolve(workingFolder, interpreter);
    return [isFolder(path) ? join(path, "bin", "python") : path];
  }
  const folders = searchPath.split(delimiter).filter((folder) => folder !== "");
  const names = interpreter === null ? USUAL_NAMES : [interpreter];
  const paths = names.flatMap((name) => folders.map((folder) => resolve(workingFolder, folder, name)));
  const found = dropAliases(paths.filter(isProgram));
  // `--python .venv` means the folder, unless a program has that name.
  if (found.length > 0 || interpreter === null || !isFolder(resolve(workingFolder, interpreter))) return found;
  return [join(resolve(workingFolder, interpreter), "bin", "python")];
}

/** On many systems `/bin` is a link to `/usr/bin`. Links to interpreters themselves count: an environment is one. */
export function dropAliases(paths: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return paths.filter((path) => {
    const place = join(realpathSync(dirname(path)), basename(path));
    return !seen.has(place) && seen.add(place);
  });
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
