import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * The files that decide which interpreter one of pyenv's shims starts, or null when `path` is no such shim.
 * https://github.com/pyenv/pyenv#understanding-python-version-selection
 * @param workingFolder - absolute; `.python-version` is looked for in it and the folders above.
 */
export function pyenvDeciders(path: string, workingFolder: string): readonly string[] | null {
  const root = dirname(dirname(path));
  if (basename(dirname(path)) !== "shims" || !existsSync(join(root, "libexec", "pyenv"))) return null;
  const local: string[] = [];
  for (let folder = workingFolder; ; folder = dirname(folder)) {
    local.push(join(folder, ".python-version"));
    if (folder === dirname(folder)) break;
  }
  // A version that is named without its last number means the newest that is installed.
  return [...local, join(root, "version"), join(root, "versions")];
}
