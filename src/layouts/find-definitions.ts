import { posix } from "node:path";

import { MODEL_JSON } from "./definitions/definition-paths.ts";

/** Folders of a project in which definitions are looked for. */
export const DEFINITION_FOLDERS = ["model_definitions", "models"] as const;

/** Folders below those are looked into down to this depth. */
export const MAX_SEARCH_DEPTH = 6;

/** The file that makes a folder a definition. */
export const DEFINITION_MARKER = MODEL_JSON;

/**
 * Of folders that hold a `model.json`, those that are model definitions, in order. A folder inside a definition belongs to
 * it: libraries save trained models under the name `model.json`, too. For the same reason a stray `model.json` in
 * `models/` itself hides nothing below.
 * @param folders - paths with `/`, all relative to the same folder or all absolute.
 */
export function selectDefinitionFolders(folders: readonly string[]): readonly string[] {
  const candidates = new Set(folders.map((folder) => posix.normalize(folder).replace(/(?<=.)\/$/, "")));
  const owners = new Set([...candidates].filter((folder) => !isCollection(folder)));
  return [...candidates].filter((folder) => !ancestors(folder).some((above) => owners.has(above))).sort();
}

function isCollection(folder: string): boolean {
  return DEFINITION_FOLDERS.some((name) => name === posix.basename(folder));
}

function ancestors(folder: string): string[] {
  const above: string[] = [];
  for (let at = posix.dirname(folder); at !== posix.dirname(at); at = posix.dirname(at)) above.push(at);
  return above;
}
