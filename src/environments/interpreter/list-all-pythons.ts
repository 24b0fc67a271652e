import { existsSync, readdirSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";

import { dropAliases, isProgram } from "./list-candidates.ts";

const PYTHON = /^python(?:3(?:\.\d+)?)?$/;

/** Absolute paths of everything on the search path that is called like a Python 3, in its order. Nothing is run. */
export function listAllPythons(searchPath: string): readonly string[] {
  const paths = foldersOf(searchPath).flatMap((folder) => {
    const names = namesIn(folder).filter((name) => PYTHON.test(name));
    return names.sort((a, b) => b.localeCompare(a, "en", { numeric: true })).map((name) => join(folder, name));
  });
  return dropAliases(paths.filter(isProgram));
}

/** The interpreters that pyenv has installed, where its shims are on the search path: these start the chosen ones only. */
export function listPyenvPythons(searchPath: string): readonly string[] {
  const roots = foldersOf(searchPath)
    .filter((folder) => basename(folder) === "shims" && existsSync(join(dirname(folder), "libexec", "pyenv")))
    .map(dirname);
  return [...new Set(roots)]
    .flatMap((root) => namesIn(join(root, "versions")).map((name) => join(root, "versions", name, "bin", "python3")))
    .filter(isProgram);
}

function foldersOf(searchPath: string): readonly string[] {
  return searchPath.split(delimiter).filter((folder) => folder.startsWith("/"));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // The search path names many folders that are not there.
    return [];
  }
}
