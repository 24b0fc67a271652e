import { runGit, type GitDependencies } from "./run-git.ts";

/** git's `user.email` as it counts in `folder`, or null where none is set or git is not installed. */
export async function readGitEmail(folder: string, deps: GitDependencies): Promise<string | null> {
  const { exitCode, stdout } = await runGit(folder, ["config", "--get", "user.email"], deps);
  const email = stdout.trim();
  return exitCode === 0 && email !== "" ? email : null;
}
