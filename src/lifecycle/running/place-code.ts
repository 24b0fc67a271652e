import { existsSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { mirrorFolder, type Mirror } from "../../files/folders/mirror-folder.ts";
import { makeFolders } from "../../files/folders/make-folders.ts";
import { isInside } from "../../files/resolve-inside.ts";
import type { JobSpec } from "../../model/ports/job.ts";
import type { CodeSource, StagedCode } from "../../model/ports/runtime.ts";

/** Code in the place where it runs. */
export interface PlacedCode {
  readonly codeRoot: string;
  /** The copy of a checkout that the code runs in; null where it does not lie in one, or in one that is too large. */
  readonly mirror: Mirror | null;
}

/**
 * Code that would run where it lies in a checkout runs in a copy of it instead: what it writes beside itself would change
 * the checkout (docs/decisions/0016-code-runs-in-a-copy.md).
 * @param target - absolute path of a folder that is not there yet.
 * @throws Failure `STATE_UNWRITABLE`.
 */
export async function placeCode(staged: StagedCode, code: CodeSource, target: string): Promise<PlacedCode> {
  if (code.isCheckout !== true || staged.codeRoot !== code.codeRoot) return { codeRoot: staged.codeRoot, mirror: null };
  const { definitionFolder: folder, projectRoot } = code;
  await makeFolders(dirname(target));
  const mirror = await mirrorFolder({
    target: join(await realpath(dirname(target)), basename(target)),
    folder,
    root: checkoutAround(isInside(projectRoot, folder) ? projectRoot : folder),
    files: staged.files.map(({ source }) => source),
  });
  return { codeRoot: mirror === null ? staged.codeRoot : mirror.placeOf(staged.codeRoot), mirror };
}

/** The repository that a folder lies in, else the folder. */
function checkoutAround(folder: string): string {
  for (let path = folder; ; path = dirname(path)) {
    if (existsSync(join(path, ".git"))) return path;
    if (path === dirname(path)) return folder;
  }
}

/** What a job or worker is told about its code. */
export function specOfCode({ codeRoot, mirror }: PlacedCode): Pick<JobSpec, "codeRoot" | "copiedBelow"> {
  return { codeRoot, ...(mirror === null ? {} : { copiedBelow: mirror.target }) };
}
