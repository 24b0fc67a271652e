import { createHash } from "node:crypto";

import { mapConcurrently } from "../../files/map-concurrently.ts";
import { Failure } from "../../kernel/failure.ts";
import type { FileEntry } from "../../model/version/manifest.ts";
import { storeCorrupt } from "../formats/store-corrupt.ts";
import { requireNotInterrupted } from "../interrupted.ts";
import { readChunks } from "../read-chunks.ts";
import type { StoreContext } from "../store-context.ts";
import type { VersionSummary } from "./list-versions.ts";
import { readManifest } from "./read-version.ts";
import { resolveLabel, type ResolvedVersion } from "./resolve-version.ts";

/** What reading a whole version found. */
export interface VersionExamination {
  readonly fileCount: number;
  readonly sizeBytes: number;
  /** One sentence for each thing that is not as it was published. */
  readonly faults: readonly string[];
}

const CONCURRENT_FILES = 4;

/**
 * Reads every file of a version against its digest, also after one was found to be damaged; nothing is kept in memory or on
 * disk. Of a version of an older tool nothing can be told: no digest vouches for its files.
 * @throws Failure `INTERRUPTED`, `STORE_UNAVAILABLE`.
 */
export async function examineVersion(
  context: StoreContext,
  { model, version, legacy, fault }: VersionSummary,
  signal: AbortSignal,
): Promise<VersionExamination> {
  if (fault !== null) return { fileCount: 0, sizeBytes: 0, faults: [fault.message] };
  if (legacy) return { fileCount: 0, sizeBytes: 0, faults: [] };
  try {
    const resolved = await resolveLabel(context, model, version);
    // It was withdrawn meanwhile.
    if (resolved === null) return { fileCount: 0, sizeBytes: 0, faults: [] };
    const { files } = await readManifest(context, resolved);
    const found = await mapConcurrently(files, CONCURRENT_FILES, (entry) =>
      faultOf(() => requireWhole(context, { resolved, entry, signal })),
    );
    const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
    return { fileCount: files.length, sizeBytes, faults: found.filter((message) => message !== null) };
  } catch (error) {
    return { fileCount: 0, sizeBytes: 0, faults: [tellFault(error)] };
  }
}

async function faultOf(work: () => Promise<void>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return tellFault(error);
  }
}

/** @throws whatever is no fault of what is stored. */
function tellFault(error: unknown): string {
  if (!(error instanceof Failure) || ["STORE_UNAVAILABLE", "INTERRUPTED"].includes(error.code)) throw error;
  return error.message;
}

async function requireWhole(
  { objects }: StoreContext,
  {
    resolved,
    entry,
    signal,
  }: { readonly resolved: ResolvedVersion; readonly entry: FileEntry; readonly signal: AbortSignal },
): Promise<void> {
  requireNotInterrupted(signal);
  const key = `${resolved.prefix}${entry.path}`;
  const source = await objects.open(key);
  if (source === null) throw storeCorrupt(key, "it is not there");
  const hash = createHash("sha256");
  for await (const chunk of readChunks(source, key)) {
    requireNotInterrupted(signal);
    hash.update(chunk);
  }
  if (hash.digest("hex") !== entry.sha256)
    throw storeCorrupt(key, "it does not have the digest that the manifest records for it");
}
