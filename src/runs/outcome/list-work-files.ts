import { readdir, readlink, realpath, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";

import { isInside, resolveRealInside } from "../../files/resolve-inside.ts";
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
 * The files in `models/` and `artifacts/output/`. A link to a file or folder of the work folder counts as what it leads to;
 * links that lead elsewhere or round in a circle are no artifacts, nor are pipes and sockets.
 */
export async function listWorkFiles(workFolder: string): Promise<readonly WorkFile[]> {
  const files: WorkFile[] = [];
  for (const { folder, path } of await pathsIn(workFolder)) {
    const found = await lookAt(workFolder, path);
    if (found === null) continue;
    files.push({ folder, name: relative(join(workFolder, folder), path).split(sep).join("/"), ...found });
  }
  return files;
}

/** Names in `models/` and `artifacts/output/` that look like artifacts and are none, each with the reason, as a sentence. */
export async function listLeftOut(workFolder: string): Promise<readonly string[]> {
  const sentences: string[] = [];
  for (const { path } of await pathsIn(workFolder)) {
    if ((await lookAt(workFolder, path)) !== null) continue;
    const target = await readlink(path).catch(() => null);
    const name = relative(workFolder, path);
    if (target !== null) sentences.push(`${name} is a link to ${target}, ${await whyNotFollowed(workFolder, path)}.`);
    // The name that was listed is not the one on disk.
    else if (name.includes("\uFFFD")) sentences.push(`${name} was not kept, for its name is not UTF-8.`);
  }
  return sentences;
}

async function whyNotFollowed(workFolder: string, path: string): Promise<string> {
  const [root, target] = await Promise.all([realpath(workFolder), realpath(path).catch(() => null)]);
  if (target === null) return "which is not there: it was not kept";
  if (!isInside(root, target)) return "outside of the working directory: links are not kept";
  return "round in a circle: it was not kept";
}

type FoundPath = Pick<WorkFile, "folder"> & { readonly path: string };

async function pathsIn(workFolder: string): Promise<readonly FoundPath[]> {
  const found: FoundPath[] = [];
  for (const folder of OUTPUT_FOLDERS) {
    for (const entry of await entriesBelow(join(workFolder, folder))) {
      const leadsToFolder = entry.isLink && (await isLinkedFolder(workFolder, entry.path));
      // Links within what a link leads to are not followed again, so that nothing multiplies.
      const entries = leadsToFolder ? await entriesBelow(entry.path) : [entry];
      found.push(...entries.map(({ path }) => ({ folder, path })));
    }
  }
  return found;
}

async function entriesBelow(root: string): Promise<readonly { readonly path: string; readonly isLink: boolean }[]> {
  try {
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map((entry) => ({ path: join(entry.parentPath, entry.name), isLink: entry.isSymbolicLink() }))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  } catch (error) {
    // A model may remove what was made for it.
    if (hasSystemCode(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}

/** True for a link to a folder of the work folder that does not hold the link itself. */
async function isLinkedFolder(workFolder: string, path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() !== true) return false;
  const target = await realpath(path);
  return isInside(await realpath(workFolder), target) && !isInside(target, await realpath(dirname(path)));
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
