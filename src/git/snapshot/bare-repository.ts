import { copyFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { makeFolders } from "../../files/folders/make-folders.ts";
import { hasSystemCode } from "../../kernel/failure.ts";
import type { Checkout } from "./locate-checkout.ts";

/** A repository of our own, which reads the objects of another one and writes none there. All paths are absolute. */
export interface BareRepository {
  readonly folder: string;
  readonly objects: string;
  /** Makes a branch. */
  point(branch: string, commit: string): Promise<void>;
}

/**
 * Makes an empty bare repository, by hand because `git init` would also copy the user's templates and hooks.
 * https://git-scm.com/docs/gitrepository-layout
 */
export async function makeBareRepository(
  folder: string,
  lender: Pick<Checkout, "objects" | "shallow" | "objectFormat">,
): Promise<BareRepository> {
  const objects = join(folder, "objects");
  for (const path of [join(objects, "info"), join(folder, "refs", "heads")]) await makeFolders(path);
  await writeFile(join(folder, "HEAD"), "ref: refs/heads/none\n");
  await writeFile(join(folder, "config"), configOf(lender.objectFormat));
  await writeFile(join(objects, "info", "alternates"), `${quotePath(lender.objects)}\n`);
  await copyFile(lender.shallow, join(folder, "shallow")).catch((error: unknown) => {
    if (!hasSystemCode(error, "ENOENT")) throw error;
  });
  const point = async (branch: string, commit: string): Promise<void> => {
    const ref = join(folder, "refs", "heads", branch);
    await makeFolders(dirname(ref));
    await writeFile(ref, `${commit}\n`);
  };
  return { folder, objects, point };
}

function configOf(format: Checkout["objectFormat"]): string {
  const version = format === "sha256" ? 1 : 0;
  const extension = format === "sha256" ? "[extensions]\n\tobjectFormat = sha256\n" : "";
  return `[core]\n\trepositoryformatversion = ${version}\n\tbare = true\n${extension}`;
}

/** A line that begins with a quote or a hash would be read as something else. */
function quotePath(path: string): string {
  return /^["#]|[\n\\]/.test(path) ? `"${path.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"` : path;
}
