import { execFile } from "node:child_process";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { sha256 } from "../../../src/kernel/digest.ts";
import { testFolder } from "../../process/support/test-folder.ts";

const run = promisify(execFile);

/** A git repository with these files, all committed. Absolute. */
export async function makeCheckout(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await testFolder(files);
  const identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
  await run("git", ["init", "--quiet"], { cwd: folder });
  await run("git", ["add", "--all"], { cwd: folder });
  await run("git", [...identity, "commit", "--quiet", "--message", "all"], { cwd: folder });
  return folder;
}

/** Every path below a folder, `.git` included, with its kind, mode, time of change and content. Equal: untouched. */
export async function photograph(folder: string): Promise<Readonly<Record<string, string>>> {
  const paths = await readdir(folder, { recursive: true });
  const facts = await Promise.all(
    paths.sort().map(async (path) => {
      const at = join(folder, path);
      const { mode, mtimeMs } = await lstat(at);
      return [path, `${mode.toString(8)} ${String(mtimeMs)} ${await contentOf(at)}`] as const;
    }),
  );
  return Object.fromEntries(facts);
}

async function contentOf(path: string): Promise<string> {
  const found = await lstat(path);
  if (found.isSymbolicLink()) return await readlink(path);
  return found.isFile() ? sha256(await readFile(path)) : "folder";
}
