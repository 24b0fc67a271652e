import type { Dirent } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

import { hasSystemCode } from "../../kernel/failure.ts";
import type { ListedObject } from "../../model/ports/object-store.ts";
import { compareKeys } from "../object-key.ts";
import { locate } from "./locate.ts";

interface ListRequest {
  readonly prefix: string;
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
}

/** One page of objects. Only the folders on the way are read, and none after the page is full. */
export async function listObjects(root: string, request: ListRequest): Promise<readonly ListedObject[]> {
  const { limit = 1000 } = request;
  const found: ListedObject[] = [];
  if (limit <= 0) return found;
  for await (const object of objectsBelow(root, folderOf(request.prefix), request)) {
    found.push(object);
    if (found.length === limit) break;
  }
  return found;
}

/** The folders below `prefix` that hold an object at any depth: other stores know no empty ones. */
export async function listFolders(root: string, prefix: string): Promise<readonly string[]> {
  const folders: string[] = [];
  for (const entry of await sortedEntries(root, prefix)) {
    if (entry.isDirectory() && (await holdsObject(root, `${prefix}${entry.name}/`))) folders.push(entry.name);
  }
  return folders;
}

async function holdsObject(root: string, prefix: string): Promise<boolean> {
  return (await listObjects(root, { prefix, limit: 1 })).length > 0;
}

async function* objectsBelow(root: string, folder: string, request: ListRequest): AsyncGenerator<ListedObject> {
  for (const entry of await sortedEntries(root, folder)) {
    const key = `${folder}${entry.name}`;
    if (entry.isDirectory()) {
      if (mayHold(`${key}/`, request)) yield* objectsBelow(root, `${key}/`, request);
    } else if (entry.isFile() && isWanted(key, request)) {
      const sizeBytes = await sizeOf(join(root, key));
      if (sizeBytes !== null) yield { key, sizeBytes };
    }
  }
}

function isWanted(key: string, { prefix, after }: ListRequest): boolean {
  return key.startsWith(prefix) && (after === undefined || compareKeys(key, after) > 0);
}

/** False when no key below `folder` can have the prefix and come after `after`. */
function mayHold(folder: string, { prefix, after }: ListRequest): boolean {
  if (!folder.startsWith(prefix) && !prefix.startsWith(folder)) return false;
  return after === undefined || after.startsWith(folder) || compareKeys(folder, after) > 0;
}

/**
 * In the order of the keys below: a folder's name counts with its slash, so `a-b` comes before what is in `a`.
 * Symbolic links, pipes and the like are no objects; a folder that vanished meanwhile is empty.
 */
async function sortedEntries(root: string, folder: string): Promise<readonly Dirent[]> {
  try {
    const path = await locate(root, folder);
    if (path === null) return [];
    const entries = await readdir(path, { withFileTypes: true });
    const named = entries.filter((entry) => folder !== "" || !entry.name.startsWith("."));
    return named.sort((a, b) => compareKeys(sortName(a), sortName(b)));
  } catch (error) {
    if (hasSystemCode(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}

function sortName(entry: Dirent): string {
  return entry.isDirectory() ? `${entry.name}/` : entry.name;
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await lstat(path)).size;
  } catch (error) {
    if (hasSystemCode(error, "ENOENT", "ENOTDIR")) return null;
    throw error;
  }
}

function folderOf(prefix: string): string {
  return prefix.slice(0, prefix.lastIndexOf("/") + 1);
}
