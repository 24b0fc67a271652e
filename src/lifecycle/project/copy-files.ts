import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { explainWriteFault } from "../../files/explain-write-fault.ts";
import { makeFolders } from "../../files/folders/make-folders.ts";
import { resolveInside } from "../../files/resolve-inside.ts";
import { snapshotFolder } from "../../files/snapshot-folder.ts";
import { inTemporaryFolder } from "../../files/folders/temporary-folder.ts";
import { Failure } from "../../kernel/failure.ts";

/** A file that is about to be written, with a path relative to the folder that it belongs to. */
export interface NewFile {
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Default: what the system gives. */
  readonly mode?: number | undefined;
}

const UNREAD_FOLDERS: ReadonlySet<string> = new Set(["node_modules", "__pycache__", ".git"]);

/**
 * All files of a folder, as they are; a link inside of it stands for what it leads to.
 * @throws Failure `PATH_ESCAPES_ROOT` for a link that leads out, `FILE_NOT_FOUND` for one that leads nowhere and for what
 * cannot be read: a copy without them would be another folder.
 */
export async function readFiles(folder: string): Promise<readonly (NewFile & { readonly content: Buffer })[]> {
  const leadingOut: string[] = [];
  const { entries, unreadable } = await snapshotFolder(folder, {
    readText: () => false,
    maxTextBytes: 0,
    isIgnoredFolder: (path) => UNREAD_FOLDERS.has(basename(path)),
    linksOut: {
      within: folder,
      mayFollow: (path) => {
        leadingOut.push(path);
        return false;
      },
    },
  });
  const [out] = leadingOut;
  if (out !== undefined) throw leadsOut(folder, out);
  const [fault] = unreadable;
  if (fault !== undefined) throw cannotBeRead(join(folder, fault.path), fault.reason);
  return Promise.all(
    entries.map(async ({ path }) => {
      const file = join(folder, path);
      const [content, { mode }] = await Promise.all([readFile(file), stat(file)]);
      // Who may read the installed tool's files says nothing; who may run them does.
      return { path, content, ...((mode & 0o111) === 0 ? {} : { mode: 0o755 }) };
    }),
  );
}

function leadsOut(folder: string, path: string): Failure {
  return new Failure("PATH_ESCAPES_ROOT", {
    message: `${join(folder, path)} is a link that leads out of ${folder}, so it is not copied.`,
    hint: "Put the file or folder itself there, or let the link lead to one inside.",
  });
}

function cannotBeRead(path: string, reason: string): Failure {
  return new Failure("FILE_NOT_FOUND", {
    message: `${path} cannot be read, so it is not copied: ${reason}`,
    hint: "Mend or remove it.",
  });
}

/**
 * Writes files into a new folder, which appears whole or not at all.
 * @throws Failure `TARGET_EXISTS`, `STATE_UNWRITABLE`.
 */
export async function writeNewFolder(folder: string, files: readonly NewFile[]): Promise<void> {
  await requireNoFolder(folder);
  try {
    await inTemporaryFolder(dirname(folder), async (temporary) => {
      // Not the temporary folder itself, which is its maker's alone: others of the project read definitions, too.
      const made = join(temporary, basename(folder));
      await makeFolders(made);
      for (const { path, content, mode } of files) {
        const target = resolveInside(made, path);
        await makeFolders(dirname(target));
        await writeFile(target, content, { flag: "wx", ...(mode === undefined ? {} : { mode }) });
      }
      await rename(made, folder);
    });
  } catch (error) {
    throw explainWriteFault(error, folder);
  }
}

/** @throws Failure `TARGET_EXISTS`. */
export async function requireNoFolder(folder: string): Promise<void> {
  if ((await stat(folder).catch(() => null)) === null) return;
  throw new Failure("TARGET_EXISTS", {
    message: `${folder} exists already.`,
    hint: "Choose another name, or move the folder away.",
  });
}
