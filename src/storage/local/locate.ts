import { realpath } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

import { isInside } from "../../files/resolve-inside.ts";
import { Failure, hasSystemCode } from "../../kernel/failure.ts";

/**
 * The absolute path of a key or folder without links, or null when there is nothing.
 * @throws Failure `PATH_ESCAPES_ROOT` when a symbolic link leads out of the root.
 */
export async function locate(root: string, path: string): Promise<string | null> {
  const [realRoot, real] = await Promise.all([realPathOrNull(root), realPathOrNull(join(root, path))]);
  if (realRoot === null || real === null) return null;
  return requireInside({ root, realRoot, path, real });
}

/**
 * The absolute path, without links, of a folder that need not be there, in a root that is. Must be asked before the
 * folder is made: `mkdir` follows a link that leads out of the root. A link that leads nowhere stays in the path; no
 * folder can be made and no file linked through it.
 * @throws Failure `PATH_ESCAPES_ROOT` when a symbolic link leads out of the root.
 */
export async function locateFolder(root: string, folder: string): Promise<string> {
  const path = join(root, folder);
  const realRoot = await realpath(root);
  // Not looked up twice: other processes make and remove folders at the same time.
  for (let existing = path; existing !== root; existing = dirname(existing)) {
    const real = await realPathOrNull(existing);
    if (real !== null) return join(requireInside({ root, realRoot, path: folder, real }), relative(existing, path));
  }
  return join(realRoot, folder);
}

interface Located {
  readonly root: string;
  readonly realRoot: string;
  readonly path: string;
  readonly real: string;
}

function requireInside({ root, realRoot, path, real }: Located): string {
  if (isInside(realRoot, real)) return real;
  throw new Failure("PATH_ESCAPES_ROOT", {
    message: `In the store at ${root}, ${path} leads to ${real} by a symbolic link, out of the store.`,
    hint: "Replace the link by what it stands for. The store's folder itself may be a link.",
    details: { store: root, path },
  });
}

async function realPathOrNull(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch (error) {
    if (hasSystemCode(error, "ENOENT", "ENOTDIR", "ELOOP")) return null;
    throw error;
  }
}
