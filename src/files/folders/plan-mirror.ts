import { readdirSync, statSync, type Dirent } from "node:fs";
import { basename, dirname, join } from "node:path";

import { isLikelySecretPath } from "../../model/run/likely-secret.ts";
import { isInside } from "../resolve-inside.ts";
import { giveWay } from "../walk/give-way.ts";

/** With more entries a folder is not laid out anew. */
const MAX_ENTRIES = 2_000;
/** Folders around it are made anew as long as all of them together hold no more entries. */
const MAX_ENTRIES_AROUND = 300;
const NEVER_ENTERED = /^(?:\.git|node_modules)$/;
/** Nothing in it fits copies, whose sources look younger. */
const BYTE_CODE = "__pycache__";
/** Hidden files may hold secrets, and no program writes source files. */
const NEVER_COPIED_AROUND = /^\.|\.(?:py|ipynb|md|[cm]?[jt]sx?|R|sql)$/;

/** Absolute paths. */
export interface MirroredPlace {
  /** A folder that is not there yet, by its real path. */
  readonly target: string;
  readonly folder: string;
  /** `folder` or one above it: all that may be looked at from there. */
  readonly root: string;
  /** Files of `folder` that are wanted; links on the way to them are made anew as folders and files. */
  readonly files: readonly string[];
}

/** What a mirror consists of, by original paths. */
export interface MirrorPlan {
  /** Folders that are made anew. */
  readonly folders: string[];
  /** Regular files in them: copies or links. */
  readonly files: string[];
  /** Files and folders that are linked as they are. */
  readonly links: string[];
}

/**
 * Plans which folders are made anew. A folder is made anew as a whole or linked as a whole: programs that walk through
 * folders do not follow links that they meet on the way.
 * @returns null when `folder`, or a folder above it, has too many entries.
 */
export async function planMirror({ target, folder, root, files }: MirroredPlace): Promise<MirrorPlan | null> {
  const wanted = new Set(files.flatMap((file) => waysTo(file, folder)));
  const plan = await planTree(folder, target, { maxEntries: MAX_ENTRIES, wanted });
  if (plan === null) return null;
  let entriesLeft = MAX_ENTRIES_AROUND;
  for (let below = folder; below !== root && isInside(root, below); below = dirname(below)) {
    const above = dirname(below);
    const entries = listEntries(above) ?? [];
    if (entries.length > MAX_ENTRIES) return null;
    plan.folders.push(above);
    for (const entry of entries) {
      const path = join(above, entry.name);
      if (path === below) continue;
      const tree = isEntered(entry, path, target) ? await planTree(path, target, { maxEntries: entriesLeft }) : null;
      if (tree !== null) {
        entriesLeft -= sizeOf(tree);
        addTo(plan, tree);
      } else if (entry.isFile()) plan.files.push(path);
      else plan.links.push(path);
    }
  }
  return plan;
}

/** True for a file around the code that a program may write anew. */
export function isCopiedAround(path: string): boolean {
  return !NEVER_COPIED_AROUND.test(basename(path)) && !isLikelySecretPath(path);
}

/** Null for more than `maxEntries`, and for a folder that cannot be read. */
async function planTree(
  folder: string,
  target: string,
  { maxEntries, wanted = new Set() }: { readonly maxEntries: number; readonly wanted?: ReadonlySet<string> },
): Promise<MirrorPlan | null> {
  const plan: MirrorPlan = { folders: [folder], files: [], links: [] };
  for (const at of plan.folders) {
    const entries = basename(at) === BYTE_CODE ? [] : listEntries(at);
    if (entries === null) return null;
    for (const entry of entries) {
      const path = join(at, entry.name);
      const linked = entry.isSymbolicLink() && wanted.has(path) ? statSync(path, { throwIfNoEntry: false }) : undefined;
      const kind = linked ?? entry;
      if (isEntered(kind, path, target)) plan.folders.push(path);
      else if (kind.isFile()) plan.files.push(path);
      else plan.links.push(path);
    }
    if (sizeOf(plan) > maxEntries) return null;
    await giveWay();
  }
  return plan;
}

/** The folder that holds the mirror itself is never made anew. */
function isEntered(kind: Pick<Dirent, "isDirectory">, path: string, target: string): boolean {
  return kind.isDirectory() && !NEVER_ENTERED.test(basename(path)) && !isInside(path, target);
}

/** A file of `folder`, and the folders in between. */
function waysTo(file: string, folder: string): readonly string[] {
  return file === folder || !isInside(folder, file) ? [] : [file, ...waysTo(dirname(file), folder)];
}

function sizeOf({ folders, files, links }: MirrorPlan): number {
  return folders.length + files.length + links.length;
}

function addTo(plan: MirrorPlan, { folders, files, links }: MirrorPlan): void {
  plan.folders.push(...folders);
  plan.files.push(...files);
  plan.links.push(...links);
}

/** Null for a folder that cannot be read. */
export function listEntries(folder: string): readonly Dirent[] | null {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return null;
  }
}
