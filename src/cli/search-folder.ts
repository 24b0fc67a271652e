import { stat } from "node:fs/promises";
import { resolve } from "node:path";

/**
 * The folder whose project counts: that of a definition that is named by its path, else the working directory
 * (undefined). So `modelwright train ../other/model_definitions/churn` uses the other project's settings.
 */
export async function searchFolder(cwd: string, model: string | null): Promise<string | undefined> {
  if (model === null) return undefined;
  const path = resolve(cwd, model);
  const found = await stat(path).catch(() => null);
  return found?.isDirectory() === true ? path : undefined;
}
