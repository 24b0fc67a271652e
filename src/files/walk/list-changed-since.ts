import { lstatSync } from "node:fs";
import { join } from "node:path";

import { giveWay } from "./give-way.ts";
import { listFolder } from "./list-folder.ts";

const UNREAD_FOLDERS = /^(?:\.git|\.venv|node_modules)$/;

/** Where to look, and how far. */
export interface ChangedSince {
  /** Absolute folders; the first is looked through first. */
  readonly folders: readonly string[];
  /** Not looked into, absolute. */
  readonly except: readonly string[];
  /** Files that changed after this time, in milliseconds since 1970. */
  readonly sinceMs: number;
  /** How many files are looked at, at most. */
  readonly maxFiles: number;
}

/**
 * Files that were written, made or replaced since: the file system's own time of change counts, which no program can set
 * back. Links are not followed; a repository's own folder and installed packages are not looked into.
 * @returns absolute paths, in order.
 */
export async function listChangedSince({
  folders,
  except,
  sinceMs,
  maxFiles,
}: ChangedSince): Promise<readonly string[]> {
  const changed = new Set<string>();
  const seen = new Set(except);
  let left = maxFiles;
  const pending = [...folders];
  for (const folder of pending) {
    if (seen.has(folder)) continue;
    seen.add(folder);
    for (const { name, kind, isLink } of listFolder(folder).names ?? []) {
      const path = join(folder, name);
      if (isLink) continue;
      if (kind === "folder") {
        if (!UNREAD_FOLDERS.test(name)) pending.push(path);
      } else if (left-- > 0 && hasChanged(path, sinceMs)) changed.add(path);
    }
    if (left <= 0) break;
    await giveWay();
  }
  return [...changed].sort();
}

function hasChanged(path: string, sinceMs: number): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found !== undefined && found.ctimeMs > sinceMs;
}
