import { chmodSync, constants, copyFileSync, lstatSync, mkdirSync, renameSync, statSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";

import { hasSystemCode } from "../../kernel/failure.ts";
import { explainWriteFault } from "../explain-write-fault.ts";
import { giveWay } from "../walk/give-way.ts";
import { makeFolders } from "./make-folders.ts";
import { isCopiedAround, listEntries, planMirror, type MirrorPlan, type MirroredPlace } from "./plan-mirror.ts";
import { removeFolder } from "./remove-folder.ts";

/** Larger files of the folder are linked: copying them would take longer than many a training. */
const MAX_COPIED_BYTES = 16 * 1024 * 1024;
/** Files that a program may write anew are copied too, as far as that takes no time. */
const MAX_COPIED_AROUND_BYTES = 512 * 1024;
const MAX_COPIED_AROUND = 100;
const OWNER_MAY_WRITE = 0o200;
const STEPS_AT_ONCE = 50;

/** A folder, and what is around it, under a path of its own. Who made it removes it. */
export interface Mirror {
  readonly target: string;
  /** Where an absolute path is in the mirror. */
  readonly placeOf: (path: string) => string;
  /** Original paths of the files that were written since it was made, in order. */
  readonly listWritten: () => Promise<readonly string[]>;
  /**
   * Moves files that were written into `folder`, which is made with the first, by their paths below the root.
   * @throws Failure `STATE_UNWRITABLE`.
   */
  readonly keep: (written: readonly string[], folder: string) => Promise<void>;
}

/**
 * Lays `folder` out under `target` with its absolute path, so that a program that looks for files beside itself or above
 * finds all of them, and what it writes there does not come into the original: folders are made anew, `files` are copies,
 * and everything else is a link. Null for a folder with too many files for that.
 * @throws Failure `STATE_UNWRITABLE`.
 */
export async function mirrorFolder(request: MirroredPlace): Promise<Mirror | null> {
  const { target, root } = request;
  const plan = await planMirror(request);
  if (plan === null) return null;
  const placeOf = (path: string): string => join(target, path);
  const stamps = new Map<string, string>();
  try {
    await layOut(plan, { placeOf, stamps, copied: new Set(request.files) });
  } catch (error) {
    // What stopped it is the news, even where it cannot be cleared away.
    await removeFolder(target).catch(() => undefined);
    throw explainWriteFault(error, target);
  }
  return {
    target,
    placeOf,
    listWritten: () => listWritten(plan.folders, { placeOf, stamps }),
    keep: (written, folder) => keep(written, { placeOf, root, folder }),
  };
}

interface Laying {
  readonly placeOf: (path: string) => string;
  /** What each copy looks like, by its path. */
  readonly stamps: Map<string, string>;
  readonly copied: ReadonlySet<string>;
}

async function layOut({ folders, files, links }: MirrorPlan, laying: Laying): Promise<void> {
  let copiesLeft = MAX_COPIED_AROUND;
  for (const folder of folders) mkdirSync(laying.placeOf(folder), { recursive: true });
  for (const [index, file] of files.entries()) {
    const isOwn = laying.copied.has(file);
    const isCopied = isOwn || (copiesLeft > 0 && isCopiedAround(file));
    const mostBytes = isOwn ? MAX_COPIED_BYTES : MAX_COPIED_AROUND_BYTES;
    if (!isCopied || !copyFile(file, mostBytes, laying)) symlinkSync(file, laying.placeOf(file));
    else if (!isOwn) copiesLeft--;
    if (index % STEPS_AT_ONCE === 0) await giveWay();
  }
  for (const link of links) symlinkSync(link, laying.placeOf(link));
}

/** False for a file that is too large, or cannot be read: then the program cannot read it either. */
function copyFile(source: string, mostBytes: number, { placeOf, stamps }: Laying): boolean {
  const place = placeOf(source);
  try {
    if (statSync(source).size > mostBytes) return false;
    copyFileSync(source, place, constants.COPYFILE_FICLONE);
  } catch (error) {
    if (!hasSystemCode(error, "EACCES", "EPERM", "ENOENT")) throw error;
    return false;
  }
  const { mode } = statSync(place);
  if ((mode & OWNER_MAY_WRITE) === 0) chmodSync(place, mode | OWNER_MAY_WRITE);
  stamps.set(place, stampOf(place));
  return true;
}

async function listWritten(
  folders: readonly string[],
  { placeOf, stamps }: Pick<Laying, "placeOf" | "stamps">,
): Promise<readonly string[]> {
  const written: string[] = [];
  const pending = [...folders];
  const seen = new Set(folders);
  for (const folder of pending) {
    for (const entry of listEntries(placeOf(folder)) ?? []) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !seen.has(path)) pending.push(path);
      else if (entry.isFile() && stamps.get(placeOf(path)) !== stampOf(placeOf(path))) written.push(path);
      seen.add(path);
    }
    await giveWay();
  }
  return written.sort();
}

async function keep(
  written: readonly string[],
  { placeOf, root, folder }: { readonly placeOf: Mirror["placeOf"]; readonly root: string; readonly folder: string },
): Promise<void> {
  for (const path of written) {
    const place = join(folder, relative(root, path));
    await makeFolders(dirname(place));
    try {
      renameSync(placeOf(path), place);
    } catch (error) {
      throw explainWriteFault(error, place);
    }
  }
}

/** Changes with every write, and cannot be set back by a program. */
function stampOf(path: string): string {
  const found = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? "gone" : `${found.ino} ${found.ctimeNs} ${found.size}`;
}
