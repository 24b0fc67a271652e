import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { dirname, join } from "node:path";

import { makeFolders } from "../../files/folders/make-folders.ts";
import type { GitOptions } from "../run-git.ts";
import { makeBareRepository, type BareRepository } from "./bare-repository.ts";
import { gitText, type ChangedFile } from "./list-changes.ts";
import type { Checkout } from "./locate-checkout.ts";

/** What goes into a snapshot besides the commit that it builds on. */
export interface SnapshotContent {
  readonly checkout: Checkout;
  /** The commit; null where there is none yet. */
  readonly head: string | null;
  /** Files that are taken as they lie in the checkout, or are gone from it. */
  readonly kept: readonly string[];
  /** Changed files that are taken as they were committed. */
  readonly restored: readonly ChangedFile[];
}

export interface SnapshotPlaces {
  /** A copy of the index; it is changed. */
  readonly index: string;
  /** Empty folder for the repository that the snapshot is made in. */
  readonly temporary: string;
  /** Folder that the bundle goes into, on the same file system. */
  readonly bundles: string;
}

/**
 * Makes a commit of a changed checkout and stores it as a bundle. Nothing is written into the checkout or its repository:
 * new objects go into a repository of our own. The commit has no time, so that the same content is the same commit.
 * @returns the commit, and the bundle's file name.
 * @throws Error in git's words.
 */
export async function writeSnapshot(
  content: SnapshotContent,
  places: SnapshotPlaces,
  options: GitOptions,
): Promise<{ readonly commit: string; readonly bundle: string; readonly repository: BareRepository }> {
  const { checkout, head } = content;
  const repository = await makeBareRepository(places.temporary, checkout);
  const commit = await makeCommit(content, { ...options, index: places.index, objects: repository.objects });
  const bundle = `${commit}.bundle`;
  const target = join(places.bundles, bundle);
  if (!existsSync(target)) {
    await repository.point("snapshot", commit);
    const made = join(places.temporary, bundle);
    const range = ["refs/heads/snapshot", ...(head === null ? [] : [`^${head}`])];
    await gitText(places.temporary, ["bundle", "create", "--quiet", made, ...range], {
      ...options,
      repository: repository.folder,
    });
    await makeFolders(dirname(target));
    await rename(made, target);
  }
  return { commit, bundle, repository };
}

async function makeCommit({ checkout, head, kept, restored }: SnapshotContent, options: GitOptions): Promise<string> {
  const run = (parameters: readonly string[], input: string): Promise<string> =>
    gitText(checkout.top, parameters, { ...options, input });
  const lines = restored.flatMap((file) => restoringLines(file, checkout));
  if (lines.length > 0) await run(["update-index", "-z", "--index-info"], lines.map((line) => `${line}\0`).join(""));
  const paths = kept.map((path) => `${path}\0`).join("");
  await run(["update-index", "--add", "--remove", "--replace", "-z", "--stdin"], paths);
  // Objects that a partial clone has not fetched need not be there.
  const tree = (await run(["write-tree", "--missing-ok"], "")).trim();
  return (await run(["hash-object", "-t", "commit", "-w", "--stdin"], commitText(tree, head))).trim();
}

/** Takes all stages of a path out of the index, and puts the committed one in. */
function restoringLines({ path, committed }: ChangedFile, { objectFormat }: Checkout): readonly string[] {
  const nothing = "0".repeat(objectFormat === "sha256" ? 64 : 40);
  const removal = `0 ${nothing}\t${path}`;
  return committed === null ? [removal] : [removal, `${committed.mode} ${committed.object}\t${path}`];
}

function commitText(tree: string, parent: string | null): string {
  const who = "modelwright <modelwright@localhost> 0 +0000";
  const parents = parent === null ? "" : `parent ${parent}\n`;
  return `tree ${tree}\n${parents}author ${who}\ncommitter ${who}\n\nThe checkout as it was when a run began\n`;
}
