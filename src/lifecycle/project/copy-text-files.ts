import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { explainWriteFault } from "../../files/explain-write-fault.ts";
import { makeFolders } from "../../files/folders/make-folders.ts";
import { removeFolder } from "../../files/folders/remove-folder.ts";
import { resolveInside } from "../../files/resolve-inside.ts";
import { snapshotFolder } from "../../files/snapshot-folder.ts";
import { makeTemporaryFolder } from "../../files/folders/temporary-folder.ts";
import { Failure } from "../../kernel/failure.ts";
import type { TextFile } from "../../layouts/plan-definition.ts";

/** All files of a folder that ships with the tool. */
export async function readTextFiles(folder: string): Promise<readonly TextFile[]> {
  const { entries } = await snapshotFolder(folder, {
    readText: () => false,
    maxTextBytes: 0,
    isIgnoredFolder: () => false,
  });
  return Promise.all(entries.map(async ({ path }) => ({ path, text: await readFile(join(folder, path), "utf8") })));
}

/**
 * Writes files into a new folder, which appears whole or not at all.
 * @throws Failure `TARGET_EXISTS`, `STATE_UNWRITABLE`.
 */
export async function writeNewFolder(folder: string, files: readonly TextFile[]): Promise<void> {
  if ((await stat(folder).catch(() => null)) !== null) throw targetExists(folder);
  const parent = dirname(folder);
  const temporary = await makeTemporaryFolder(parent);
  try {
    for (const { path, text } of files) {
      const target = resolveInside(temporary, path);
      await makeFolders(dirname(target));
      await writeFile(target, text, { flag: "wx" });
    }
    await rename(temporary, folder);
  } catch (error) {
    await removeFolder(temporary);
    throw explainWriteFault(error, folder);
  }
}

function targetExists(folder: string): Failure {
  return new Failure("TARGET_EXISTS", {
    message: `${folder} exists already.`,
    hint: "Choose another name, or move the folder away.",
  });
}
