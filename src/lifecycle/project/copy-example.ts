import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";

import { Failure } from "../../kernel/failure.ts";
import type { Services } from "../services.ts";
import { readFiles, writeNewFolder } from "./copy-files.ts";

/** The file that tells a project that was made from an example. */
const MARKER = ".modelwright-example";

/**
 * Makes a project from an example that ships with the tool, or finds the one that was made before.
 * @returns false when it was there.
 * @throws Failure `TARGET_EXISTS` when something else is there.
 */
export async function copyExample(request: {
  readonly from: string;
  readonly to: string;
  readonly services: Services;
}): Promise<boolean> {
  const { from, to, services } = request;
  if ((await stat(to).catch(() => null)) !== null) {
    const marker = await readFile(join(to, MARKER), "utf8").catch(() => null);
    if (marker?.trim() === from) return false;
    throw new Failure("TARGET_EXISTS", {
      message: `${to} exists and was not made by the demo.`,
      hint: "Choose another folder with --dir, or move this one away.",
    });
  }
  const files = await readFiles(join(services.folders.examples, from));
  await writeNewFolder(to, [...files, { path: MARKER, content: `${from}\n` }]);
  return true;
}
