import { lstat, realpath } from "node:fs/promises";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";

import { Failure, hasSystemCode } from "../kernel/failure.ts";

/** True when the absolute path `path` is `root` or lies below it. Looks at the text of the paths only. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/**
 * The absolute path of `relativePath` below `root`. Looks at the text of the paths only: for names that the tool is
 * about to create in a folder of its own. Where others may have put symbolic links, use `resolveRealInside`.
 * @throws Failure `PATH_ESCAPES_ROOT` for absolute paths, paths that climb out, and paths with a NUL.
 */
export function resolveInside(root: string, relativePath: string): string {
  const path = resolve(root, relativePath);
  if (relativePath.includes("\0") || isAbsolute(relativePath) || !isInside(resolve(root), path))
    throw escape(root, relativePath);
  return path;
}

/**
 * Like `resolveInside`, and follows symbolic links: the returned path has none, and no link on the way leads out.
 * What does not exist yet is fine. A link that leads nowhere is not: whoever writes through it creates its target.
 * @throws Failure `PATH_ESCAPES_ROOT`.
 */
export async function resolveRealInside(root: string, relativePath: string): Promise<string> {
  const path = resolveInside(root, relativePath);
  const realRoot = await realpath(root);
  const existing = await deepestExisting(path);
  const realExisting = await realpath(existing).catch((error: unknown) => {
    if (hasSystemCode(error, "ENOENT", "ELOOP", "ENOTDIR")) return null;
    throw error;
  });
  if (realExisting === null || !isInside(realRoot, realExisting)) throw escape(root, relativePath);
  return resolve(realExisting, relative(existing, path));
}

/** The longest part of `path` that is there, be it as a link that leads nowhere. */
async function deepestExisting(path: string): Promise<string> {
  for (let candidate = path; ; candidate = dirname(candidate)) {
    try {
      await lstat(candidate);
      return candidate;
    } catch (error) {
      if (!hasSystemCode(error, "ENOENT", "ENOTDIR", "ELOOP") || candidate === dirname(candidate)) throw error;
    }
  }
}

function escape(root: string, relativePath: string): Failure {
  return new Failure("PATH_ESCAPES_ROOT", {
    message: `The path ${JSON.stringify(relativePath)} leads out of ${root}.`,
    hint: "Use a path below that folder, without a leading slash and without links that lead elsewhere.",
    details: { root, path: relativePath },
  });
}
