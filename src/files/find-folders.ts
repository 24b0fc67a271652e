import { readFileSync, realpathSync } from "node:fs";
import { join, relative, sep } from "node:path";

import { hasSystemCode, messageOf } from "../kernel/failure.ts";
import type { UnreadablePath } from "../model/ports/folder-snapshot.ts";
import { isInside } from "./resolve-inside.ts";
import { parseIgnoreRules, type IsIgnored } from "./walk/ignore-rules.ts";
import { listFolder, type ListedName } from "./walk/list-folder.ts";
import { giveWay } from "./walk/give-way.ts";

export interface FindFoldersRequest {
  /** Absolute. Holds `.modelwrightignore`; links that lead out of it are not followed. */
  readonly projectRoot: string;
  /** Absolute folders to look in. One that does not exist holds nothing. */
  readonly roots: readonly string[];
  /** Name of the file that is looked for, for example `model.json`. */
  readonly containing: string;
  /** How many folders deep below a root; six unless told. */
  readonly maxDepth?: number | undefined;
}

export interface FoundFolders {
  /** Absolute, in order, each once. */
  readonly folders: readonly string[];
  /** Absolute paths that could not be read, with the reason. */
  readonly unreadable: readonly UnreadablePath[];
}

const IGNORE_FILE = ".modelwrightignore";
const KNOWN_HIDDEN = [".s2i", ".cli"];
/** A file or folder that tells a Python environment, made by `venv` or by conda. */
const ENVIRONMENT_MARKS = ["pyvenv.cfg", "conda-meta"];

interface PendingFolder {
  readonly path: string;
  readonly depth: number;
}

interface Search {
  readonly request: FindFoldersRequest;
  readonly isIgnored: IsIgnored;
  readonly folders: string[];
  readonly unreadable: UnreadablePath[];
  readonly pending: PendingFolder[];
  /** Looked at after everything else, so that a folder is found under its own name rather than a link's. */
  readonly links: PendingFolder[];
  readonly seen: Set<string>;
}

/**
 * Finds the folders that hold a file of a given name. A folder that is found is not searched further, for what lies in
 * it is its own (XGBoost calls a trained model `model.json` too); only the roots themselves are searched in any case.
 * Left out: `node_modules`, Python environments, hidden folders but `.s2i` and `.cli`, and what `.modelwrightignore` names.
 */
export async function findFolders(request: FindFoldersRequest): Promise<FoundFolders> {
  const unreadable: UnreadablePath[] = [];
  const search: Search = {
    request,
    isIgnored: readIgnoreRules(request.projectRoot, unreadable),
    folders: [],
    unreadable,
    pending: request.roots.map((path) => ({ path, depth: 0 })),
    links: [],
    seen: new Set(),
  };
  for (let next = search.pending.shift(); next !== undefined; next = search.pending.shift() ?? search.links.shift()) {
    visit(search, next);
    await giveWay();
  }
  return { folders: search.folders.sort(), unreadable };
}

function readIgnoreRules(projectRoot: string, unreadable: UnreadablePath[]): IsIgnored {
  const path = join(projectRoot, IGNORE_FILE);
  try {
    return parseIgnoreRules(readFileSync(path, "utf8"));
  } catch (error) {
    if (!hasSystemCode(error, "ENOENT", "ENOTDIR")) unreadable.push({ path, reason: messageOf(error) });
    return () => false;
  }
}

function visit(search: Search, { path, depth }: PendingFolder): void {
  const real = realPathOf(path);
  if (real === null || search.seen.has(real)) return;
  search.seen.add(real);
  const { names, reason } = listFolder(path);
  if (names === null) {
    search.unreadable.push({ path, reason });
    return;
  }
  if (names.some(({ name }) => ENVIRONMENT_MARKS.includes(name))) return;
  const isFound = names.some(({ name, kind }) => kind === "file" && name === search.request.containing);
  if (isFound) search.folders.push(path);
  if ((isFound && depth > 0) || depth >= (search.request.maxDepth ?? 6)) return;
  for (const listed of names)
    if (listed.kind === "folder") plan(search, listed, { path: join(path, listed.name), depth: depth + 1 });
}

function plan(search: Search, { name, isLink }: ListedName, folder: PendingFolder): void {
  if (name === "node_modules" || (name.startsWith(".") && !KNOWN_HIDDEN.includes(name))) return;
  if (search.isIgnored(relative(search.request.projectRoot, folder.path).replaceAll(sep, "/"))) return;
  if (!isLink) search.pending.push(folder);
  else if (leadsInside(search.request.projectRoot, folder.path)) search.links.push(folder);
}

function leadsInside(root: string, link: string): boolean {
  const [realRoot, target] = [realPathOf(root), realPathOf(link)];
  return realRoot !== null && target !== null && isInside(realRoot, target);
}

function realPathOf(path: string): string | null {
  try {
    return realpathSync.native(path);
  } catch {
    return null;
  }
}
