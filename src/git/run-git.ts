import { runCommand, type CommandResult } from "../process/run-command.ts";

/** What git is run with. */
export interface GitDependencies {
  /** The tool's own environment variables, of which git is given few. */
  readonly variables: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** Where git finds what, other than by looking around in the folder. All paths are absolute. */
export interface GitPlaces {
  readonly index?: string | undefined;
  /** The repository itself, `.git` of a checkout. */
  readonly repository?: string | undefined;
  readonly workTree?: string | undefined;
  /** Where objects are written, and read besides those that its `info/alternates` names. */
  readonly objects?: string | undefined;
}

export interface GitOptions extends GitDependencies, GitPlaces {
  /** Written to standard input. */
  readonly input?: string | undefined;
  /** Ten seconds unless told. */
  readonly timeoutMs?: number | undefined;
  /** Further settings, for this call. */
  readonly settings?: readonly string[] | undefined;
  /** Settings whose keys hold an equals sign. */
  readonly configuration?: readonly (readonly [key: string, value: string])[] | undefined;
}

const TIMEOUT_MS = 10_000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Where git finds itself and the user's configuration. Never `GIT_DIR` and the like, which lead to another repository. */
const PASSED = ["PATH", "HOME", "XDG_CONFIG_HOME"];

/** Settings of the repository that would run programs or change its folder. Filters have names: see `withoutFilters`. */
const SETTINGS = [
  "core.fsmonitor=false",
  "core.hooksPath=/dev/null",
  "core.untrackedCache=false",
  "core.splitIndex=false",
  "protocol.allow=never",
  "gc.auto=0",
];

/** Runs git so that it changes nothing but what `options` name: no locks, no hooks, no network, no questions. */
export function runGit(folder: string, parameters: readonly string[], options: GitOptions): Promise<CommandResult> {
  const { variables, signal, settings = [], timeoutMs = TIMEOUT_MS, input } = options;
  const passed = Object.entries(variables).filter(([name]) => PASSED.includes(name));
  const all = [...SETTINGS, ...settings].flatMap((setting) => ["-c", setting]);
  return runCommand(["git", "--no-pager", ...all, ...parameters], {
    cwd: folder,
    env: {
      ...Object.fromEntries(passed),
      LC_ALL: "C",
      GIT_OPTIONAL_LOCKS: "0",
      GIT_TERMINAL_PROMPT: "0",
      GIT_NO_LAZY_FETCH: "1",
      ...placeVariables(options),
      ...configurationVariables(options.configuration ?? []),
    },
    timeoutMs,
    signal,
    input,
    maxOutputBytes: MAX_OUTPUT_BYTES,
  });
}

function placeVariables({ index, repository, workTree, objects }: GitPlaces): Readonly<Record<string, string>> {
  return {
    ...(index === undefined ? {} : { GIT_INDEX_FILE: index }),
    ...(repository === undefined ? {} : { GIT_DIR: repository }),
    ...(workTree === undefined ? {} : { GIT_WORK_TREE: workTree }),
    ...(objects === undefined ? {} : { GIT_OBJECT_DIRECTORY: objects }),
  };
}

/** https://git-scm.com/docs/git-config#Documentation/git-config.txt-GITCONFIGCOUNT */
function configurationVariables(pairs: NonNullable<GitOptions["configuration"]>): Readonly<Record<string, string>> {
  if (pairs.length === 0) return {};
  const variables = pairs.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(pairs.length), ...(Object.fromEntries(variables) as Record<string, string>) };
}
