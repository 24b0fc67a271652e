import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import type { RequirementsFile } from "../../model/definition/model-definition.ts";
import { onlyFromFolder } from "../built/installer/wheel-folder.ts";
import { parseLock } from "../built/lock.ts";
import { lockKey } from "../built/obtain-lock.ts";
import { readRequirements } from "../requirements/read-requirements.ts";

/** The locks that are kept for resolved requirements. */
export interface KeptLocks {
  /** First lines, with their line breaks: the kinds of interpreters that there are locks for. */
  readonly headers: readonly string[];
  /** Digest of the lock by the key of what was resolved. */
  readonly digests: ReadonlyMap<string, string>;
}

const LOCK = /^([0-9a-f]{32})\.txt$/;

export async function readKeptLocks(envsFolder: string): Promise<KeptLocks> {
  const folder = join(envsFolder, "locks");
  const names = await readdir(folder).catch(() => []);
  const locks = await Promise.all(names.filter((name) => LOCK.test(name)).map((name) => readLock(folder, name)));
  const sound = locks.filter((lock) => lock !== null);
  return {
    headers: [...new Set(sound.map(({ header }) => header))],
    digests: new Map(sound.map(({ key, digest }) => [key, digest])),
  };
}

async function readLock(folder: string, name: string) {
  try {
    const text = await readFile(join(folder, name), "utf8");
    const key = LOCK.exec(name)?.[1] ?? "";
    return { key, header: `${text.split("\n")[0] ?? ""}\n`, digest: parseLock(text, name).digest };
  } catch {
    // Damaged: it is resolved anew when it is needed, and no environment was made from it.
    return null;
  }
}

/** How requirements are resolved here. */
export interface Resolving {
  readonly variables: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly wheels: string | null;
}

/** Digests of the kept locks that answer these requirements, for whichever interpreter. */
export async function lockDigestsFor(
  files: readonly RequirementsFile[],
  locks: KeptLocks,
  { variables, wheels }: Resolving,
): Promise<readonly string[]> {
  const requirements = await readRequirements(files);
  if (requirements.isEmpty) return [parseLock("", "An empty lock").digest];
  const sources = { requirements, variables };
  const only = wheels === null ? sources : await onlyFromFolder(wheels, sources);
  const keys = locks.headers.map((header) => lockKey(only.requirements, header, only.variables));
  return keys.flatMap((key) => locks.digests.get(key) ?? []);
}

/** The digest of a lock's text, or null where it is damaged. */
export function lockDigestOf(text: string): string | null {
  try {
    return parseLock(text, "The lock").digest;
  } catch {
    return null;
  }
}
