import { createHash } from "node:crypto";
import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { Readable } from "node:stream";

import { explainWriteFault } from "../../files/explain-write-fault.ts";
import { makeFolders } from "../../files/folders/make-folders.ts";
import { removeFolder } from "../../files/folders/remove-folder.ts";
import { resolveInside } from "../../files/resolve-inside.ts";
import { makeTemporaryFolder } from "../../files/folders/temporary-folder.ts";
import { Failure, hasSystemCode } from "../../kernel/failure.ts";
import type { OnProgress } from "../../model/ports/progress.ts";
import type { FileEntry, Manifest } from "../../model/version/manifest.ts";
import { storeCorrupt } from "../formats/store-corrupt.ts";
import { parseVersionPath } from "../formats/version-path.ts";
import { requireNotInterrupted } from "../interrupted.ts";
import { readChunks } from "../read-chunks.ts";
import { runAll } from "../run-all.ts";
import type { StoreContext } from "../store-context.ts";
import type { ResolvedVersion } from "./resolve-version.ts";

export interface FetchRequest {
  readonly version: ResolvedVersion;
  readonly manifest: Manifest;
  /** Absolute. Must not exist, or be empty; appears whole or not at all. Not synced to disk: a working copy. */
  readonly targetFolder: string;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

const CONCURRENT_FILES = 4;

/**
 * Writes all files of a version below a folder, each checked against its digest on the way.
 * @throws Failure `STORE_CORRUPT` naming the file, `PATH_ESCAPES_ROOT`, `TARGET_EXISTS`, `STATE_UNWRITABLE`, `INTERRUPTED`.
 */
export async function fetchVersion(context: StoreContext, request: FetchRequest): Promise<void> {
  const { version, manifest, targetFolder, onProgress } = request;
  for (const { path } of manifest.files) parseVersionPath(path, `${version.prefix}manifest.json`);
  onProgress({
    step: "store.fetching",
    message: `Fetching ${version.model}@${version.version}.`,
    fields: { files: manifest.files.length },
  });
  const temporary = await makeTemporaryFolder(dirname(targetFolder));
  try {
    await runAll(manifest.files, CONCURRENT_FILES, (entry) =>
      fetchFile(context, request, { entry, folder: temporary }),
    );
    await moveInto(temporary, targetFolder);
  } catch (error) {
    await removeFolder(temporary);
    throw error;
  }
}

async function fetchFile(
  { objects }: StoreContext,
  { version, signal }: FetchRequest,
  { entry, folder }: { readonly entry: FileEntry; readonly folder: string },
): Promise<void> {
  requireNotInterrupted(signal);
  const key = `${version.prefix}${entry.path}`;
  const source = await objects.open(key);
  if (source === null) throw storeCorrupt(key, "it is not there");
  const path = resolveInside(folder, entry.path);
  try {
    await makeFolders(dirname(path));
    await copyChecked({ source, key, path, entry, signal });
  } catch (error) {
    source.destroy();
    throw explainWriteFault(error, path);
  }
}

interface CopyRequest {
  readonly source: Readable;
  readonly key: string;
  readonly path: string;
  readonly entry: FileEntry;
  readonly signal: AbortSignal;
}

async function copyChecked({ source, key, path, entry, signal }: CopyRequest): Promise<void> {
  const target = await open(path, "wx");
  try {
    const hash = createHash("sha256");
    let sizeBytes = 0;
    for await (const chunk of readChunks(source, key)) {
      requireNotInterrupted(signal);
      sizeBytes += chunk.length;
      // Stops early: a file that was swapped for an endless one must not fill the disk.
      if (sizeBytes > entry.sizeBytes) throw storeCorrupt(key, "it is longer than the manifest says");
      hash.update(chunk);
      await target.writeFile(chunk);
    }
    if (sizeBytes !== entry.sizeBytes) throw storeCorrupt(key, "it is shorter than the manifest says");
    if (hash.digest("hex") !== entry.sha256)
      throw storeCorrupt(key, "it does not have the digest that the manifest records for it");
  } finally {
    await target.close();
  }
}

async function moveInto(folder: string, target: string): Promise<void> {
  try {
    await rename(folder, target);
  } catch (cause) {
    if (!hasSystemCode(cause, "ENOTEMPTY", "EEXIST", "ENOTDIR")) throw explainWriteFault(cause, target);
    throw new Failure("TARGET_EXISTS", {
      message: `${target} is already there.`,
      hint: "Fetch into a folder that does not exist.",
      details: { path: target },
      cause,
    });
  }
}
