import { lstatSync, readFileSync, realpathSync, statSync } from "node:fs";
import { relative, sep } from "node:path";

import { messageOf } from "../kernel/failure.ts";
import type { FolderSnapshot, SnapshotEntry, UnreadablePath } from "../model/ports/folder-snapshot.ts";
import { isInside } from "./resolve-inside.ts";
import { listFolder } from "./walk/list-folder.ts";
import { giveWay } from "./walk/give-way.ts";

export interface SnapshotOptions {
  /** Which files' text is wanted, by path relative to the root, with `/`. */
  readonly readText: (path: string) => boolean;
  /** Larger files are listed without text. */
  readonly maxTextBytes: number;
  /** Folders that are not entered, by path relative to the root. */
  readonly isIgnoredFolder: (path: string) => boolean;
  /** Which links may lead out of the root, and how far. Without it none may. */
  readonly linksOut?: OutwardLinks | undefined;
  /** How many folders deep below the root; 0 is the root's own files. 32 unless told. */
  readonly maxDepth?: number | undefined;
}

/** Links that lead out of a snapshot's root and are followed all the same. */
export interface OutwardLinks {
  /** Absolute: a folder above the root, out of which no link is followed, nor into hidden folders of it. */
  readonly within: string;
  /** @param path - of the link or a file or folder beyond it, relative to the snapshot's root, with `/`. */
  readonly mayFollow: (path: string) => boolean;
}

interface PendingFolder {
  /** Relative to the root; empty for the root. */
  readonly path: string;
  readonly realPath: string;
  readonly depth: number;
  /** Real paths of the folders from which links were followed on the way here. */
  readonly trail: readonly string[];
}

/** A file or folder that is met on the way. */
interface Met {
  /** Relative to the root, with `/`. */
  readonly path: string;
  /** The same, absolute, in the real folder that it was listed in. */
  readonly at: string;
  readonly isLink: boolean;
}

interface Walk {
  readonly root: string;
  readonly realRoot: string;
  /** The real path of `linksOut.within`; the real root where there is none. */
  readonly realBound: string;
  readonly options: SnapshotOptions;
  readonly entries: SnapshotEntry[];
  readonly texts: Map<string, string>;
  readonly unreadable: UnreadablePath[];
  readonly pending: PendingFolder[];
  followedLinks: number;
}

const DEFAULT_MAX_DEPTH = 32;
// Links that lead to each other's folders multiply with every level: n links give n^depth paths.
const MAX_FOLLOWED_LINKS = 1_000;

/**
 * Reads a folder as it is now: names, sizes, and the text of the files that are asked for. Never throws for what it
 * meets: what cannot be read is listed. Links are followed inside the root, and beyond it where `linksOut` says so, but
 * never round in a circle.
 * @param root - absolute.
 */
export async function snapshotFolder(root: string, options: SnapshotOptions): Promise<FolderSnapshot> {
  const walk = beginWalk(root, options);
  for (let folder = walk.pending.pop(); folder !== undefined; folder = walk.pending.pop()) {
    readOneFolder(walk, folder);
    await giveWay();
  }
  walk.entries.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { root, entries: walk.entries, texts: walk.texts, unreadable: walk.unreadable };
}

function beginWalk(root: string, options: SnapshotOptions): Walk {
  const walk: Walk = {
    ...{ root, realRoot: root, realBound: root, options, entries: [], texts: new Map(), unreadable: [], pending: [] },
    followedLinks: 0,
  };
  try {
    const realRoot = realpathSync.native(root);
    const realBound = options.linksOut === undefined ? realRoot : realpathSync.native(options.linksOut.within);
    return { ...walk, realRoot, realBound, pending: [{ path: "", realPath: realRoot, depth: 0, trail: [] }] };
  } catch (error) {
    return { ...walk, unreadable: [{ path: ".", reason: messageOf(error) }] };
  }
}

function readOneFolder(walk: Walk, folder: PendingFolder): void {
  const { names, reason } = listFolder(folder.realPath);
  if (names === null) {
    walk.unreadable.push({ path: folder.path || ".", reason });
    return;
  }
  for (const listed of names) {
    const path = folder.path === "" ? listed.name : `${folder.path}/${listed.name}`;
    const met = { path, at: pathIn(folder, listed.name), isLink: listed.isLink };
    try {
      if (listed.kind === "file") readOneFile(walk, met);
      else enterFolder(walk, folder, met);
    } catch (error) {
      walk.unreadable.push({ path, reason: messageOf(error) });
    }
  }
}

function readOneFile(walk: Walk, { path, at, isLink }: Met): void {
  const realPath = isLink ? realpathSync.native(at) : at;
  if (isLink && !mayEnter(walk, path, realPath)) return;
  const sizeBytes = (isLink ? statSync(realPath) : lstatSync(realPath)).size;
  walk.entries.push({ path, sizeBytes });
  if (sizeBytes > walk.options.maxTextBytes || !walk.options.readText(path)) return;
  const bytes = readFileSync(realPath);
  const text = decodeUtf8(bytes);
  if (text !== null) walk.texts.set(path, text);
  else walk.unreadable.push({ path, reason: `it is not UTF-8 text${isUtf16(bytes) ? " but UTF-16" : ""}` });
}

function enterFolder(walk: Walk, folder: PendingFolder, { path, at, isLink }: Met): void {
  if (folder.depth >= (walk.options.maxDepth ?? DEFAULT_MAX_DEPTH) || walk.options.isIgnoredFolder(path)) return;
  const depth = folder.depth + 1;
  if (!isLink) {
    walk.pending.push({ path, realPath: at, depth, trail: folder.trail });
    return;
  }
  const realPath = realpathSync.native(at);
  const trail = [...folder.trail, folder.realPath];
  if (!mayEnter(walk, path, realPath) || trail.some((passed) => isInside(realPath, passed))) return;
  if (++walk.followedLinks > MAX_FOLLOWED_LINKS) throw new Error("more symbolic links to folders than are followed");
  walk.pending.push({ path, realPath, depth, trail });
}

/** @param realPath - where a link at `path` leads to. */
function mayEnter({ realRoot, realBound, options }: Walk, path: string, realPath: string): boolean {
  if (isInside(realRoot, realPath)) return true;
  if (options.linksOut?.mayFollow(path) !== true || !isInside(realBound, realPath)) return false;
  return !relative(realBound, realPath)
    .split(sep)
    .some((name) => name.startsWith("."));
}

/** `join` would take both paths apart, for every file. */
function pathIn({ realPath }: PendingFolder, name: string): string {
  return realPath.endsWith(sep) ? realPath + name : realPath + sep + name;
}

// Strips a byte order mark, as editors on Windows write it.
const strictUtf8 = new TextDecoder("utf-8", { fatal: true });

/** By its byte order mark. */
function isUtf16([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return null;
  }
}
