import { randomBytes } from "node:crypto";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

import { hasSystemCode } from "../kernel/failure.ts";
import { explainWriteFault } from "./explain-write-fault.ts";

/** Files that are not whole yet. Per process by nature, hence a module's state. */
const unfinished = new Set<string>();

/**
 * Writes a file so that readers, and whoever comes after a crash, see the old content or the new, never a part.
 * The folder must exist. On failure the old file stands and nothing is left beside it.
 * @throws Failure `STATE_UNWRITABLE` when the disk is full, read-only or forbidden.
 */
export async function writeFileAtomically(path: string, data: string | Uint8Array): Promise<void> {
  const temporary = temporaryBeside(path);
  removeAtExit(temporary);
  try {
    await writeDurably(temporary, data);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw explainWriteFault(error, path);
  } finally {
    unfinished.delete(temporary);
  }
  await syncFolder(dirname(path));
}

/**
 * The same at once, for a process that is about to end: it waits for nothing any more. What the asynchronous one has not
 * renamed by then is removed at the exit, so that it cannot come after this.
 * @throws Failure `STATE_UNWRITABLE`.
 */
export function writeFileAtomicallyNow(path: string, data: string): void {
  const temporary = temporaryBeside(path);
  try {
    writeFileSync(temporary, data, { flag: "wx", flush: true });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw explainWriteFault(error, path);
  }
}

/** Not named after the target: a name that is as long as names may be must still be writable. */
function temporaryBeside(path: string): string {
  return join(dirname(path), `.${randomBytes(8).toString("hex")}.tmp`);
}

/** For a process that ends before its work does, as at a second Ctrl-C. */
function removeAtExit(file: string): void {
  if (!process.listeners("exit").includes(removeUnfinished)) process.on("exit", removeUnfinished);
  unfinished.add(file);
}

function removeUnfinished(): void {
  for (const file of unfinished) {
    try {
      rmSync(file, { force: true });
    } catch {
      // There is nobody left to tell.
    }
  }
}

async function writeDurably(path: string, data: string | Uint8Array): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the names in a folder durable. File systems that cannot sync a folder are no worse off than before. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => null);
  if (handle === null) return;
  try {
    await handle.sync();
  } catch (error) {
    if (!hasSystemCode(error, "EINVAL", "ENOTSUP", "EPERM", "EISDIR")) throw error;
  } finally {
    await handle.close();
  }
}
