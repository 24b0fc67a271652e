import { readdirSync, statSync } from "node:fs";
import type { Dirent } from "node:fs";
import { join } from "node:path";

import { messageOf } from "../../kernel/failure.ts";

/** What a name in a folder stands for. Sockets, pipes and devices are left out: opening one may wait for ever. */
export interface ListedName {
  readonly name: string;
  readonly kind: "file" | "folder";
  readonly isLink: boolean;
}

export type Listing =
  { readonly names: readonly ListedName[]; readonly reason: null } | { readonly names: null; readonly reason: string };

/** The names in a folder in order, or why it cannot be read. A link stands for what it leads to; a broken one for a file. */
export function listFolder(folder: string): Listing {
  try {
    const names: ListedName[] = [];
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const kind = kindOf(folder, entry);
      if (kind !== null) names.push({ name: entry.name, kind, isLink: entry.isSymbolicLink() });
    }
    return { names: names.sort((a, b) => (a.name < b.name ? -1 : 1)), reason: null };
  } catch (error) {
    return { names: null, reason: messageOf(error) };
  }
}

function kindOf(folder: string, entry: Dirent): "file" | "folder" | null {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "folder";
  if (!entry.isSymbolicLink()) return null;
  try {
    const target = statSync(join(folder, entry.name));
    if (target.isDirectory()) return "folder";
    return target.isFile() ? "file" : null;
  } catch {
    return "file";
  }
}
