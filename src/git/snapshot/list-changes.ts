import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import type { LeftOutFile } from "../../model/run/code-record.ts";
import type { CommandResult } from "../../process/run-command.ts";
import { runGit, type GitOptions } from "../run-git.ts";
import type { Checkout } from "./locate-checkout.ts";

/** A tracked file that is not as it was committed. */
export interface ChangedFile {
  readonly path: string;
  /** As in the commit; null where the commit does not have it. */
  readonly committed: { readonly mode: string; readonly object: string } | null;
}

/** How a checkout differs from its commit. */
export interface Changes {
  /** Null where nothing was committed yet. */
  readonly head: string | null;
  readonly tracked: readonly ChangedFile[];
  /** Neither tracked nor ignored. A repository in the repository is one path that ends in a slash. */
  readonly untracked: readonly string[];
  /** What git keeps elsewhere. */
  readonly elsewhere: readonly LeftOutFile[];
}

/** Folders of code that others wrote, or that can be made again. */
const UNREAD_FOLDERS = ["node_modules/", "__pycache__/", ".venv/", "venv/", ".ipynb_checkpoints/"];

/**
 * Lists what differs from the commit.
 * @param options - `index`: a copy, because git refreshes it.
 * @param unread - folders that are not looked into, relative to the top, without a slash at the end.
 * @throws Error in git's words.
 */
export async function listChanges(
  checkout: Checkout,
  options: GitOptions,
  unread: readonly string[],
): Promise<Changes> {
  const excluded = [...UNREAD_FOLDERS, ...unread.map((path) => `/${escapePattern(path)}/`)];
  const [status, others, elsewhere] = await Promise.all([
    gitText(checkout.top, ["status", "--porcelain=v2", "--branch", "-z", ...STATUS], options),
    gitText(
      checkout.top,
      ["ls-files", "-z", "--others", "--exclude-standard", ...excluded.flatMap((p) => ["-x", p])],
      options,
    ),
    listElsewhere(checkout, options),
  ]);
  const apart = new Set(elsewhere.map(({ path }) => path));
  const { head, tracked } = parseStatus(status);
  return {
    head,
    tracked: tracked.filter(({ path }) => !apart.has(path)),
    untracked: withoutEnvironments(others.split("\0").filter((path) => path !== "")),
    elsewhere,
  };
}

const STATUS = ["--untracked-files=no", "--ignore-submodules=all", "--no-renames"];

/** Standard output of git. @throws Error in git's words. */
export async function gitText(folder: string, parameters: readonly string[], options: GitOptions): Promise<string> {
  const result = await runGit(folder, parameters, options);
  if (result.exitCode === 0 && !result.isOutputCut) return result.stdout;
  throw new Error(`git ${parameters[0] ?? ""}: ${reasonOf(result)}`);
}

function reasonOf({ isTimedOut, isNotFound, isInterrupted, stderr, isOutputCut }: CommandResult): string {
  if (isNotFound) return "git is not installed";
  if (isTimedOut) return "git took too long";
  if (isInterrupted) return "stopped";
  return isOutputCut ? "the repository has too many files" : stderr.trim() || "git failed without a word";
}

/** Entries of `git status --porcelain=v2 -z`: https://git-scm.com/docs/git-status#_porcelain_format_version_2 */
function parseStatus(text: string): Pick<Changes, "head" | "tracked"> {
  const lines = text.split("\0").filter((line) => line !== "");
  const oid = lines.find((line) => line.startsWith("# branch.oid "))?.slice("# branch.oid ".length) ?? null;
  return { head: oid === "(initial)" ? null : oid, tracked: lines.flatMap(parseEntry) };
}

function parseEntry(line: string): readonly ChangedFile[] {
  const fields = line.split(" ");
  const [kind] = fields;
  // 1 XY sub mH mI mW hH hI path; u XY sub m1 m2 m3 mW h1 h2 h3 path, of which stage 2 is ours.
  if (kind === "1") return [changedFile(fields[3], fields[6], fields.slice(8))];
  return kind === "u" ? [changedFile(fields[4], fields[8], fields.slice(10))] : [];
}

function changedFile(mode = "", object = "", path: readonly string[]): ChangedFile {
  return { path: path.join(" "), committed: /^0+$/.test(mode) ? null : { mode, object } };
}

/** Python environments in the checkout are told by their `pyvenv.cfg`, whatever they are called. */
function withoutEnvironments(paths: readonly string[]): readonly string[] {
  const environments = paths.filter((path) => basename(path) === "pyvenv.cfg").map((path) => `${dirname(path)}/`);
  return environments.length === 0
    ? paths
    : paths.filter((path) => !environments.some((folder) => path.startsWith(folder)));
}

/** Submodules, and files whose content git-lfs keeps. */
async function listElsewhere({ top }: Checkout, options: GitOptions): Promise<readonly LeftOutFile[]> {
  const [submodules, pointers] = await Promise.all([
    existsSync(join(top, ".gitmodules")) ? gitText(top, ["ls-files", "-z", "--stage"], options) : "",
    usesLfs(top)
      ? gitText(
          top,
          ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ":(top,attr:filter=lfs)"],
          options,
        )
      : "",
  ]);
  const modules = submodules
    .split("\0")
    .flatMap((line) => (line.startsWith("160000 ") ? [line.split("\t")[1] ?? ""] : []));
  return [
    ...modules.map((path) => ({ path: `${path}/`, reason: "submodule" as const, sizeBytes: null })),
    ...pointers.split("\0").flatMap((path) => (path === "" ? [] : [{ path, reason: "lfs" as const, sizeBytes: null }])),
  ];
}

function usesLfs(top: string): boolean {
  try {
    return readFileSync(join(top, ".gitattributes"), "utf8").includes("filter=lfs");
  } catch {
    return false;
  }
}

/** A path as a pattern of `.gitignore` that matches only itself. */
function escapePattern(path: string): string {
  return path.replace(/[\\*?[\]!#]/g, "\\$&");
}
