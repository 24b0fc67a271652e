import { runGit, type GitDependencies, type GitOptions } from "./run-git.ts";

/** Settings and variables that take away what a filter would run. */
export type FilterOptions = Required<Pick<GitOptions, "settings" | "configuration">>;

/** Large files that git keeps elsewhere are not followed; running their filter would write into the repository. */
const LFS = "lfs";
/** The user's own filters, which no repository brings along, go on: without them unchanged files would read as changed. */
const USERS_OWN = ["global", "system"];
const NAME = /^filter\.(.*)\.[^.]*$/s;

/**
 * Finds out which filters a repository's own configuration would run, and turns them off: a folder that was unpacked or
 * mounted brings that configuration along, and reading its state must run nothing of it. Large files of git-lfs
 * are left alone whoever configured them.
 */
export async function withoutFilters(folder: string, deps: GitDependencies): Promise<FilterOptions> {
  const wanted = ["-z", "--name-only", "--get-regexp", "^filter\\."];
  const scoped = await runGit(folder, ["config", "--show-scope", ...wanted], deps);
  const names = new Set([LFS]);
  if (scoped.exitCode === 0) {
    const fields = scoped.stdout.split("\0");
    for (let at = 0; at + 1 < fields.length; at += 2) {
      if (!USERS_OWN.includes(fields[at] ?? "")) addName(names, fields[at + 1] ?? "");
    }
  } else if (scoped.exitCode !== 1) {
    // A git that knows no scopes: then none of the filters is anybody's own.
    const all = await runGit(folder, ["config", ...wanted], deps);
    for (const key of all.stdout.split("\0")) addName(names, key);
  }
  const pairs = [...names].flatMap(pairsOf);
  return {
    settings: pairs.filter(([key]) => !key.includes("=")).map(([key, value]) => `${key}=${value}`),
    // On the command line a key ends at its first equals sign.
    configuration: pairs.filter(([key]) => key.includes("=")),
  };
}

function addName(names: Set<string>, key: string): void {
  const name = NAME.exec(key)?.[1];
  if (name !== undefined) names.add(name);
}

function pairsOf(name: string): readonly (readonly [key: string, value: string])[] {
  return [
    [`filter.${name}.clean`, ""],
    [`filter.${name}.smudge`, ""],
    [`filter.${name}.process`, ""],
    [`filter.${name}.required`, "false"],
  ];
}
