import { lstatSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import type { LeftOutFile, LeftOutReason } from "../model/run/code-record.ts";
import { holdsLikelySecret, isLikelySecretPath } from "../model/run/likely-secret.ts";
import { giveWay } from "./walk/give-way.ts";

/** How much of a folder is kept with a run. */
export interface KeptLimits {
  /** Larger files are data, not code. */
  readonly maxFileBytes: number;
  readonly maxFiles: number;
  readonly maxTotalBytes: number;
}

export const KEPT_LIMITS: KeptLimits = {
  maxFileBytes: 5 * 1024 * 1024,
  maxFiles: 2_000,
  maxTotalBytes: 64 * 1024 * 1024,
};

export interface KeptChoice {
  readonly kept: readonly string[];
  readonly leftOut: readonly LeftOutFile[];
}

/**
 * Chooses the files that may be kept with a run: no likely secrets, nothing large, and no more than the limits; those that
 * come first are kept first. Files that are not there are kept: their absence is part of the code.
 * @param paths - relative to `root`, with `/`; a folder (one that is not looked into) ends in a slash.
 */
export async function chooseKeptFiles(
  root: string,
  paths: readonly string[],
  limits: KeptLimits = KEPT_LIMITS,
): Promise<KeptChoice> {
  const kept: string[] = [];
  const leftOut: LeftOutFile[] = [];
  let totalBytes = 0;
  for (const path of paths) {
    const found = lookAt(join(root, path), path, limits);
    const isBeyond =
      found.reason === null && (kept.length >= limits.maxFiles || totalBytes + found.sizeBytes > limits.maxTotalBytes);
    const reason = isBeyond ? "limit" : found.reason;
    if (reason === null) {
      kept.push(path);
      totalBytes += found.sizeBytes;
    } else leftOut.push({ path, reason, sizeBytes: path.endsWith("/") ? null : found.sizeBytes });
    await giveWay();
  }
  return { kept, leftOut };
}

interface Looked {
  readonly reason: LeftOutReason | null;
  readonly sizeBytes: number;
}

function lookAt(file: string, path: string, limits: KeptLimits): Looked {
  if (path.endsWith("/")) return { reason: "submodule", sizeBytes: 0 };
  try {
    const own = lstatSync(file, { throwIfNoEntry: false });
    // Links are kept as links, wherever they lead; what they lead to must be no secret where it is copied.
    const found = own?.isSymbolicLink() === true ? (statSync(file, { throwIfNoEntry: false }) ?? own) : own;
    const sizeBytes = found?.size ?? 0;
    if (isLikelySecretPath(path)) return { reason: "secret", sizeBytes };
    if (found === undefined || found.isDirectory() || found.isSymbolicLink()) return { reason: null, sizeBytes: 0 };
    // Opening a pipe would wait for somebody to write.
    if (!found.isFile()) return { reason: "unreadable", sizeBytes: 0 };
    if (sizeBytes > limits.maxFileBytes) return { reason: "large", sizeBytes };
    return { reason: holdsLikelySecret(readFileSync(file)) ? "secret" : null, sizeBytes };
  } catch {
    return { reason: "unreadable", sizeBytes: 0 };
  }
}
