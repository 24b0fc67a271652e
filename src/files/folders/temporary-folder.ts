import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";

import { hasSystemCode } from "../../kernel/failure.ts";
import { explainWriteFault } from "../explain-write-fault.ts";
import { makeFolders } from "./make-folders.ts";
import { removeFolder } from "./remove-folder.ts";

/**
 * Makes a folder inside `parent` (itself made when absent) for the time of `use`, and removes it however that ends.
 * @throws Failure `STATE_UNWRITABLE`, and whatever `use` throws.
 */
export async function inTemporaryFolder<T>(parent: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await makeTemporaryFolder(parent);
  try {
    return await use(folder);
  } finally {
    await removeFolder(folder);
  }
}

const MOST_ATTEMPTS = 100;

/** Makes a folder inside `parent`; who calls this removes it. Absolute when `parent` is. */
export async function makeTemporaryFolder(parent: string): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    await makeFolders(parent);
    try {
      return await mkdtemp(join(parent, "tmp-"));
    } catch (error) {
      // Whoever removed the last folder in it may have taken the empty parent along just now.
      if (!hasSystemCode(error, "ENOENT") || attempt === MOST_ATTEMPTS) throw explainWriteFault(error, parent);
    }
  }
}
