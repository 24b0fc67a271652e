import {
  chmodSync,
  constants,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  type Dirent,
} from "node:fs";
import { basename, dirname, join, relative } from "node:path";

import { hasSystemCode } from "../../kernel/failure.ts";
import { explainWriteFault } from "../explain-write-fault.ts";
import { isInside } from "../resolve-inside.ts";
import { giveWay } from "../walk/give-way.ts";
import { makeFolders } from "./make-folders.ts";
import { removeFolder } from "./remove-folder.ts";

/** Larger files of the folder are linked: copying them would take longer than many a training. */
const MAX_COPIED_BYTES = 16 * 1024 * 1024;
/** Files around the copies that a program may write anew are copied too, as far as that takes no time. */
const MAX_COPIED_AROUND_BYTES = 512 * 1024;
const MAX_COPIED_AROUND = 30;
/** Hidden files may hold secrets, and no program writes source files. */
const NEVER_COPIED_AROUND = /^\.|\.(?:py|ipynb|md|[cm]?[jt]sx?|R|sql)$/;
/** Entries of folders that are made anew around the copies; what is beyond is linked as a whole. */
const MAX_ENTRIES = 30;
const NEVER_EXPANDED = /^(?:\..*|node_modules|__pycache__)$/;
const OWNER_MAY_WRITE = 0o200;

/** What is mirrored. All paths are absolute. */
export interface MirrorRequest {
  /** A folder that is not there yet, by its real path. */
  readonly target: string;
  readonly folder: string;
  /** `folder` or one above it: all that may be looked at from there. */
  readonly root: string;
  /** Files of `folder` that are copied. */
  readonly files: readonly string[];
}

/** A folder, and what is around it, under a path of its own. */
export interface Mirror {
  readonly target: string;
  /** Where an absolute path is in the mirror. */
  readonly placeOf: (path: string) => string;
  /**
   * Moves the files that were written since it was made into `folder`, which is made with the first, by their paths below the
   * root, and removes the mirror. @returns their original paths, in order. @throws Failure `STATE_UNWRITABLE`.
   */
  readonly end: (folder: string) => Promise<readonly string[]>;
}

/**
 * Lays `folder` out under `target` with its absolute path, so that a program that looks for files beside itself or above
 * finds all of them, and what it writes there does not come into the original: `files` are copies, folders around them
 * are made anew as far as they are small, and everything else is a link.
 * @throws Failure `STATE_UNWRITABLE`.
 */
export async function mirrorFolder(request: MirrorRequest): Promise<Mirror> {
  const { target, folder } = request;
  const placeOf = (path: string): string => join(target, path);
  const stamps = new Map<string, string>();
  try {
    mkdirSync(placeOf(folder), { recursive: true });
    for (const file of request.files) {
      if (statSync(file).size > MAX_COPIED_BYTES) continue;
      copyFile(file, placeOf(file), stamps);
      await giveWay();
    }
    await linkAround({
      ...request,
      placeOf,
      stamps,
      entriesLeft: MAX_ENTRIES,
      copiesLeft: MAX_COPIED_AROUND,
      pending: [],
    });
  } catch (error) {
    // What stopped it is the news, even where it cannot be cleared away.
    await removeFolder(target).catch(() => undefined);
    throw explainWriteFault(error, target);
  }
  return { target, placeOf, end: (kept) => endMirror({ target, stamps, root: request.root, kept }) };
}

/** @param stamps - takes in what the copy looks like, by its path. */
function copyFile(source: string, place: string, stamps: Map<string, string>): void {
  mkdirSync(dirname(place), { recursive: true });
  copyFileSync(source, place, constants.COPYFILE_FICLONE);
  const { mode } = statSync(place);
  if ((mode & OWNER_MAY_WRITE) === 0) chmodSync(place, mode | OWNER_MAY_WRITE);
  stamps.set(place, stampOf(place));
}

interface Linking extends Pick<MirrorRequest, "target" | "folder" | "root"> {
  readonly placeOf: (path: string) => string;
  readonly stamps: Map<string, string>;
  /** How many more entries may be made anew. */
  entriesLeft: number;
  copiesLeft: number;
  readonly pending: { readonly path: string; readonly entries: readonly Dirent[] }[];
}

/** From the folder to the root and then down again, nearest first. */
async function linkAround(linking: Linking): Promise<void> {
  const { folder, root } = linking;
  for (let path = folder; isInside(root, path); path = dirname(path)) {
    linking.pending.push({ path, entries: list(path) });
    if (path === dirname(path)) break;
  }
  for (const { path, entries } of linking.pending) {
    linkEntries(linking, path, entries);
    await giveWay();
  }
}

function linkEntries(linking: Linking, folder: string, entries: readonly Dirent[]): void {
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const place = linking.placeOf(path);
    const found = lstatSync(place, { throwIfNoEntry: false });
    if (found !== undefined) {
      // Made for a copy within. The folders on the way up to the root are pending already.
      if (found.isDirectory() && !isInside(path, linking.folder)) {
        linking.pending.push({ path, entries: list(path) });
      }
    } else if (entry.isDirectory() ? !expand(linking, path) : !copyAround(linking, path)) symlinkSync(path, place);
  }
}

function expand(linking: Linking, path: string): boolean {
  if (NEVER_EXPANDED.test(basename(path)) || isInside(path, linking.target)) return false;
  const entries = list(path);
  if (entries.length > linking.entriesLeft) return false;
  linking.entriesLeft -= entries.length;
  mkdirSync(linking.placeOf(path));
  linking.pending.push({ path, entries });
  return true;
}

function copyAround(linking: Linking, path: string): boolean {
  if (linking.copiesLeft === 0 || NEVER_COPIED_AROUND.test(basename(path))) return false;
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isFile() !== true || found.size > MAX_COPIED_AROUND_BYTES) return false;
  try {
    copyFile(path, linking.placeOf(path), linking.stamps);
  } catch (error) {
    if (!hasSystemCode(error, "EACCES", "EPERM", "ENOENT")) throw error;
    return false;
  }
  linking.copiesLeft--;
  return true;
}

/** What cannot be read cannot be read by the program either. */
function list(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

interface Ending {
  readonly target: string;
  readonly stamps: ReadonlyMap<string, string>;
  readonly root: string;
  readonly kept: string;
}

async function endMirror({ target, stamps, root, kept }: Ending): Promise<readonly string[]> {
  const written = await listWritten(target, stamps);
  for (const path of written) {
    const place = join(kept, relative(root, path));
    await makeFolders(dirname(place));
    renameSync(join(target, path), place);
  }
  await removeFolder(target);
  return written;
}

async function listWritten(target: string, stamps: Ending["stamps"]): Promise<readonly string[]> {
  const written: string[] = [];
  const pending = [target];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const entry of list(folder)) {
      const place = join(folder, entry.name);
      if (entry.isDirectory()) pending.push(place);
      else if (entry.isFile() && stamps.get(place) !== stampOf(place)) written.push(place.slice(target.length));
    }
    await giveWay();
  }
  return written.sort();
}

/** Changes with every write, and cannot be set back by a program. */
function stampOf(path: string): string {
  const found = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? "gone" : `${found.ino} ${found.ctimeNs} ${found.size}`;
}
