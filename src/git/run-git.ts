import { runCommand, type CommandResult } from "../process/run-command.ts";

/** What git is run with. */
export interface GitDependencies {
  /** The tool's own environment variables, of which git is given few. */
  readonly variables: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

const TIMEOUT_MS = 10_000;

/** Where git finds itself and the user's configuration. Never `GIT_DIR` and the like, which lead to another repository. */
const PASSED = ["PATH", "HOME", "XDG_CONFIG_HOME"];

/**
 * Settings of the repository that would run programs or change its folder. Clean filters remain, because without them
 * unchanged files would read as changed; whoever trains a model runs the repository's code anyway.
 */
const SETTINGS = [
  "core.fsmonitor=false",
  "core.hooksPath=/dev/null",
  "core.untrackedCache=false",
  "protocol.allow=never",
  "gc.auto=0",
];

/** Runs git so that it only reads: no locks, no hooks, no network, no questions. */
export function runGit(
  folder: string,
  parameters: readonly string[],
  { variables, signal, index }: GitDependencies & { readonly index?: string | undefined },
): Promise<CommandResult> {
  const passed = Object.entries(variables).filter(([name]) => PASSED.includes(name));
  return runCommand(["git", "--no-pager", ...SETTINGS.flatMap((setting) => ["-c", setting]), ...parameters], {
    cwd: folder,
    env: {
      ...Object.fromEntries(passed),
      LC_ALL: "C",
      GIT_OPTIONAL_LOCKS: "0",
      GIT_TERMINAL_PROMPT: "0",
      GIT_NO_LAZY_FETCH: "1",
      ...(index === undefined ? {} : { GIT_INDEX_FILE: index }),
    },
    timeoutMs: TIMEOUT_MS,
    signal,
  });
}
