import { cp, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { CodeSource } from "../../model/ports/runtime.ts";
import type { Services } from "../services.ts";

/** The tool's own code for model configurations: what serves one, and what finds out about its files. */
export type ScorerKind = "scorer" | "survey";

/**
 * Lays the code out as a worker takes it: its package must be called `model_modules`.
 * @param folder - absolute, of a work folder.
 */
export async function layOutScorer(
  { folders: { authorPackage } }: Services,
  folder: string,
  kind: ScorerKind,
): Promise<CodeSource> {
  const codeRoot = join(folder, kind);
  const modules = join(codeRoot, "model_modules");
  if (kind === "scorer") await copyModules(join(authorPackage, "model_files"), modules);
  else {
    await copyModules(authorPackage, join(codeRoot, "modelwright"));
    await mkdir(modules);
    await writeFile(join(modules, "__init__.py"), "from modelwright.survey import ModelScorer\n");
  }
  const codeFiles = (await readdir(codeRoot, { recursive: true })).filter((name) => name.endsWith(".py")).sort();
  return { codeRoot, projectRoot: codeRoot, definitionFolder: codeRoot, codeFiles };
}

async function copyModules(from: string, to: string): Promise<void> {
  const names = await readdir(from, { recursive: true });
  for (const name of names.filter((path) => path.endsWith(".py"))) await cp(join(from, name), join(to, name));
}
