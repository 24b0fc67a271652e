import { join, resolve } from "node:path";

import { inTemporaryFolder } from "../files/folders/temporary-folder.ts";
import type { Log } from "../kernel/log.ts";
import type { GitState } from "../model/run/run-record.ts";
import type { CommandResult } from "../process/run-command.ts";
import { copyIndex } from "./copy-index.ts";
import { runGit, type GitDependencies } from "./run-git.ts";
import { withoutFilters, type FilterOptions } from "./without-filters.ts";

export interface GitStateDependencies extends GitDependencies {
  /** Absolute. Holds a copy of the index for the time of the call; made when absent. */
  readonly temporaryFolder: string;
  /** Is told (`git.unreadable`, with a reason) why there is no state. */
  readonly log: Log;
}

/**
 * Commit, description, branch and dirty flag of the repository that `folder` lies in. Dirty means, as for
 * `git describe --dirty`, that tracked files differ from the commit; untracked files and submodules do not count.
 * `.git` stays byte-identical: git refreshes the index when it compares, so it is given a copy.
 * @returns null where there is no repository, no git, or git fails. A run does not fail for that.
 */
export async function readGitState(folder: string, deps: GitStateDependencies): Promise<GitState | null> {
  const found = await runGit(folder, ["rev-parse", "--git-path", "index"], deps);
  if (found.exitCode !== 0) return unreadable(found, folder, deps.log);
  const index = resolve(folder, found.stdout.replace(/\n$/, ""));
  const filters = await withoutFilters(folder, deps);
  const [status, description] = await inTemporaryFolder(deps.temporaryFolder, (temporary) =>
    Promise.all([
      readStatus(folder, { index, copy: join(temporary, "index") }, { ...deps, ...filters }),
      runGit(folder, ["describe", "--always"], deps),
    ]),
  );
  if (status.exitCode !== 0) return unreadable(status, folder, deps.log);
  const { commit, branch, isDirty } = parseStatus(status.stdout);
  // Without a commit there is nothing to describe, and git says so by failing.
  const name = description.exitCode === 0 ? description.stdout.trim() : null;
  return { commit, branch, isDirty, describe: name === null ? null : `${name}${isDirty ? "-dirty" : ""}` };
}

async function readStatus(
  folder: string,
  { index, copy }: { readonly index: string; readonly copy: string },
  deps: GitDependencies & FilterOptions,
): Promise<CommandResult> {
  await copyIndex(index, copy);
  const parameters = ["status", "--porcelain=v2", "--branch", "-z", "--untracked-files=no", "--ignore-submodules=all"];
  return runGit(folder, parameters, { ...deps, index: copy });
}

/** Reads `git status --porcelain=v2 --branch -z`: header lines that begin with `#`, then one entry a changed file. */
function parseStatus(text: string): Pick<GitState, "commit" | "branch" | "isDirty"> {
  const lines = text.split("\0").filter((line) => line !== "");
  const header = (name: string): string | null =>
    lines.find((line) => line.startsWith(`# branch.${name} `))?.slice(`# branch.${name} `.length) ?? null;
  const [commit, branch] = [header("oid"), header("head")];
  return {
    commit: commit === "(initial)" ? null : commit,
    branch: branch === "(detached)" ? null : branch,
    isDirty: lines.some((line) => !line.startsWith("# ")),
  };
}

function unreadable(result: CommandResult, folder: string, log: Log): null {
  const reason = result.isNotFound
    ? "git is not installed"
    : result.isTimedOut
      ? "git took too long"
      : result.stderr.trim();
  log("debug", "git.unreadable", { folder, reason });
  return null;
}
