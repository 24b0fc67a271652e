import { realpath } from "node:fs/promises";
import { join, relative } from "node:path";

import { chooseKeptFiles } from "../../files/choose-kept-files.ts";
import { isInside } from "../../files/resolve-inside.ts";
import { inTemporaryFolder } from "../../files/folders/temporary-folder.ts";
import { MAX_LISTED_FILES, type CodeRecord, type LeftOutFile } from "../../model/run/code-record.ts";
import { copyIndex } from "../copy-index.ts";
import type { GitDependencies } from "../run-git.ts";
import { withoutFilters } from "../without-filters.ts";
import { gitText, listChanges, type Changes } from "./list-changes.ts";
import { locateCheckout, type Checkout } from "./locate-checkout.ts";
import { writeSnapshot } from "./write-snapshot.ts";

export interface SnapshotRequest {
  /** Absolute. The definition's folder. */
  readonly folder: string;
  /** Paths below `folder`, with `/`, that make up the code: one that git ignores is told. */
  readonly codeFiles: readonly string[];
  /** Absolute folders that are never looked into: the state folder and the store, where they lie in the checkout. */
  readonly unread: readonly string[];
  /** Absolute. Bundles go into its `snapshots/`. */
  readonly codeFolder: string;
  /** Absolute; on the file system of `codeFolder`. */
  readonly temporaryFolder: string;
}

/** Where git has the code. */
export type GitCode = Omit<CodeRecord, "project">;

/**
 * Finds or makes a commit that holds the checkout around a folder as it is now: the commit itself where nothing was
 * changed, else a snapshot that is stored beside the runs. The checkout and its repository stay byte-identical.
 * @returns null where the folder is not under git's control, or git is not there.
 * @throws Error in git's words.
 */
export async function snapshotCheckout(request: SnapshotRequest, given: GitDependencies): Promise<GitCode | null> {
  const checkout = await locateCheckout(request.folder, given);
  if (checkout === null) return null;
  const deps = { ...given, ...(await withoutFilters(checkout.top, given)) };
  return inTemporaryFolder(request.temporaryFolder, async (temporary) => {
    const index = join(temporary, "index");
    await copyIndex(checkout.index, index);
    const unread = request.unread.filter((path) => isInside(checkout.top, path) && path !== checkout.top);
    const inside = unread.map((path) => path.slice(checkout.top.length + 1));
    const changes = await listChanges(checkout, { ...deps, index }, inside);
    const choice = await choose(checkout, changes);
    const made = await commitOf({ request, checkout, changes, choice, temporary, index }, deps);
    return made === null ? null : describe(checkout, made);
  });
}

interface Choice {
  readonly kept: readonly string[];
  readonly leftOut: readonly LeftOutFile[];
}

/** What was changed comes first, then new files of the definition, then those of others. */
async function choose({ top, inside }: Checkout, { tracked, untracked }: Changes): Promise<Choice> {
  const isOwn = (path: string): boolean => inside === "" || path.startsWith(`${inside}/`);
  const [own, others] = [untracked.filter(isOwn), untracked.filter((path) => !isOwn(path))];
  return chooseKeptFiles(top, [...tracked.map(({ path }) => path), ...own, ...others]);
}

interface Making {
  readonly request: SnapshotRequest;
  readonly checkout: Checkout;
  readonly changes: Changes;
  readonly choice: Choice;
  readonly temporary: string;
  readonly index: string;
}

interface Made extends Pick<GitCode, "commit" | "base" | "stored" | "changed"> {
  readonly leftOut: readonly LeftOutFile[];
}

async function commitOf(making: Making, deps: GitDependencies): Promise<Made | null> {
  const { request, checkout, changes, choice, temporary, index } = making;
  const { head } = changes;
  const leftOut = [...choice.leftOut, ...changes.elsewhere];
  if (choice.kept.length === 0) {
    if (head === null) return null;
    const ignored = await ignoredFiles(making, { tree: head, leftOut }, deps);
    return ignored === null
      ? null
      : { commit: head, base: null, stored: null, changed: [], leftOut: [...leftOut, ...ignored] };
  }
  const kept = new Set(choice.kept);
  const content = {
    checkout,
    head,
    kept: choice.kept,
    restored: changes.tracked.filter(({ path }) => !kept.has(path)),
  };
  const places = { index, temporary: join(temporary, "repository"), bundles: join(request.codeFolder, "snapshots") };
  const { commit, bundle, repository } = await writeSnapshot(content, places, deps);
  const options = { ...deps, objects: repository.objects };
  const ignored = await ignoredFiles(making, { tree: commit, leftOut }, options);
  if (ignored === null) return null;
  const stored = `snapshots/${bundle}`;
  return { commit, base: head, stored, changed: choice.kept, leftOut: [...leftOut, ...ignored] };
}

/** Code that the commit does not have and nothing else was told of: git ignores it. Null when that is all of the code. */
async function ignoredFiles(
  { request, checkout }: Making,
  { tree, leftOut }: { readonly tree: string; readonly leftOut: readonly LeftOutFile[] },
  options: Parameters<typeof gitText>[2],
): Promise<readonly LeftOutFile[] | null> {
  const { top, inside } = checkout;
  const where = inside === "" ? [] : ["--", `${inside}/`];
  const text = await gitText(top, ["ls-tree", "-r", "-z", "--name-only", "--full-tree", tree, ...where], options);
  const known = new Set([...text.split("\0"), ...leftOut.map(({ path }) => path)]);
  const paths = request.codeFiles.map((path) => (inside === "" ? path : `${inside}/${path}`));
  const missing = paths.filter((path) => !known.has(path));
  const linked = await linkedPaths(top, missing);
  const targets = [...new Set(linked.values())];
  const names = ["ls-tree", "-r", "-z", "--name-only", "--full-tree", tree, "--"];
  const there = targets.length === 0 ? "" : await gitText(top, [...names, ...targets], options);
  const stored = new Set(there.split("\0").filter((name) => name !== ""));
  const ignored = missing.filter((path) => !stored.has(linked.get(path) ?? ""));
  if (ignored.length === paths.length && paths.length > 0) return null;
  return ignored.map((path) => ({ path, reason: "ignored", sizeBytes: null }));
}

/** Where paths beyond a link really lie, relative to the top: the commit has the link, and its target under a path of its own. */
async function linkedPaths(top: string, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const root = await realpath(top);
  const found = await Promise.all(
    paths.map(async (path): Promise<readonly (readonly [string, string])[]> => {
      const real = await realpath(join(top, path)).catch(() => root);
      return real === join(root, path) || !isInside(root, real) ? [] : [[path, relative(root, real)]];
    }),
  );
  return new Map(found.flat());
}

function describe({ top, inside }: Checkout, { leftOut, changed, ...made }: Made): GitCode {
  return {
    ...made,
    kind: made.stored === null ? "commit" : "snapshot",
    root: top,
    definition: inside,
    changed: changed.slice(0, MAX_LISTED_FILES),
    leftOut: leftOut.slice(0, MAX_LISTED_FILES),
    leftOutCount: leftOut.length,
  };
}
