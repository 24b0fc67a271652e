import { build } from "esbuild";
import { join, resolve } from "node:path";

import { testFolder } from "./test-folder.ts";

/**
 * Bundles a stand-in for the tool, so that it can run, and be killed, as a process of its own.
 * @param code - TypeScript that imports our sources from `src/…`.
 * @returns the path of a program for `node`.
 */
export async function buildProgram(code: string): Promise<string> {
  const outfile = join(await testFolder(), "program.mjs");
  const root = resolve(import.meta.dirname, "../../..");
  await build({
    stdin: { contents: code.replaceAll('"src/', `"${root}/src/`), resolveDir: root, loader: "ts" },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "silent",
  });
  return outfile;
}
