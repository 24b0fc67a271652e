import { delimiter, join } from "node:path";

import { Failure } from "../../kernel/failure.ts";

/** Set by `activate` of a virtual environment and by `conda activate`. */
const ACTIVE = ["VIRTUAL_ENV", "CONDA_PREFIX"] as const;

/**
 * The interpreter of the virtual or conda environment that is active in the shell. Where both are, the one that was
 * activated last: its programs come first on the search path.
 * @param variables - of the tool's own process.
 * @returns absolute path; whether it works is found out by running it.
 * @throws Failure `INTERPRETER_NOT_FOUND` when none is active.
 */
export function activeInterpreter(variables: Readonly<Record<string, string>>): string {
  const searchPath = (variables["PATH"] ?? "").split(delimiter);
  const places = ACTIVE.map((name) => variables[name] ?? "")
    .filter((folder) => folder.startsWith("/"))
    .map((folder) => join(folder, "bin"))
    .map((folder) => ({ folder, rank: rankOf(searchPath, folder) }));
  const [first] = places.sort((a, b) => a.rank - b.rank);
  if (first !== undefined) return join(first.folder, "python");
  throw new Failure("INTERPRETER_NOT_FOUND", {
    message: "No environment is active: neither VIRTUAL_ENV nor CONDA_PREFIX names one.",
    hint: "Activate one first (`. .venv/bin/activate`, `conda activate <name>`), or name it: --python <folder> --no-install.",
  });
}

function rankOf(searchPath: readonly string[], folder: string): number {
  const rank = searchPath.findIndex((entry) => entry.replace(/\/+$/, "") === folder);
  return rank < 0 ? searchPath.length : rank;
}
