import { readdir, readlink, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";

import { resolveRealInside } from "../../files/resolve-inside.ts";
import { Failure, hasSystemCode } from "../../kernel/failure.ts";
import type { ArtifactRecord } from "../../model/run/run-record.ts";

/** Folders of a work folder in which a model leaves what it made. */
export const OUTPUT_FOLDERS = ["models", "artifacts/output"] as const satisfies readonly ArtifactRecord["folder"][];

/** A file that a model may have made, and what tells whether it was written since. */
export interface WorkFile {
  readonly folder: ArtifactRecord["folder"];
  /** Path below `folder`, with `/`. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Changes with every write, rename and replacement, and cannot be set back by a model. */
  readonly stamp: string;
}

/**
 * The files in `models/` and `artifacts/output/`. A link to a file of the work folder counts as that file; links that
 * lead elsewhere are no artifacts, nor are links to folders, pipes and sockets.
 */
export async function listWorkFiles(workFolder: string): Promise<readonly WorkFile[]> {
  const files: WorkFile[] = [];
  for (const folder of OUTPUT_FOLDERS) {
    const root = join(workFolder, folder);
    for (const path of await pathsBelow(root)) {
      const found = await lookAt(workFolder, path);
      if (found !== null) files.push({ folder, name: relative(root, path).split(sep).join("/"), ...found });
    }
  }
  return files;
}

/** Links in `models/` and `artifacts/output/` that are no artifacts, because they lead out of the work folder or nowhere. */
export async function listOutsideLinks(
  workFolder: string,
): Promise<readonly { readonly path: string; readonly target: string }[]> {
  const links: { path: string; target: string }[] = [];
  for (const path of (await Promise.all(OUTPUT_FOLDERS.map((folder) => pathsBelow(join(workFolder, folder))))).flat()) {
    const target = await readlink(path).catch(() => null);
    const isOutside = target !== null && (await lookAt(workFolder, path)) === null;
    if (isOutside) links.push({ path: relative(workFolder, path), target });
  }
  return links;
}

async function pathsBelow(root: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    // A model may remove what was made for it.
    if (hasSystemCode(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}

async function lookAt(workFolder: string, path: string): Promise<Pick<WorkFile, "sizeBytes" | "stamp"> | null> {
  try {
    const real = await resolveRealInside(workFolder, relative(workFolder, path));
    const found = await stat(real, { bigint: true });
    if (!found.isFile()) return null;
    return { sizeBytes: Number(found.size), stamp: `${found.ino} ${found.ctimeNs} ${found.size}` };
  } catch (error) {
    if (hasSystemCode(error, "ENOENT") || (error instanceof Failure && error.code === "PATH_ESCAPES_ROOT")) return null;
    throw error;
  }
}
