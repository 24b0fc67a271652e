import { resolve } from "node:path";

import { isJsonObject, type JsonObject, type JsonValue } from "../../kernel/json.ts";
import { jsonPointer } from "../../kernel/parse.ts";

/** What stands at an absolute path, or null when nothing does. */
export type ExistsLookup = (path: string) => "file" | "folder" | null;

/** A value of a data configuration that named a local file or folder. */
export interface ResolvedPath {
  /** JSON pointer into the data configuration. */
  readonly pointer: string;
  readonly from: string;
  /** Absolute. */
  readonly to: string;
}

// Longer strings are queries and prose; file systems take no path beyond this anyway.
const MAX_PATH_LENGTH = 4096;

/**
 * Makes relative paths in a data configuration absolute, because a run works in a folder of its own
 * (docs/decisions/0002-relative-data-paths.md).
 * @param folders - absolute, tried in this order: the data set file's, the definition's, the project's.
 */
export function resolveDataPaths(
  configuration: JsonObject,
  folders: readonly string[],
  exists: ExistsLookup,
): { readonly value: JsonObject; readonly paths: readonly ResolvedPath[] } {
  const paths: ResolvedPath[] = [];
  const walk = (value: JsonValue, path: readonly (string | number)[]): JsonValue => {
    if (Array.isArray(value)) return (value as readonly JsonValue[]).map((item, index) => walk(item, [...path, index]));
    if (isJsonObject(value))
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key])]));
    if (typeof value !== "string") return value;
    const to = resolveDataPath(value, folders, exists);
    if (to === null) return value;
    paths.push({ pointer: jsonPointer(path), from: value, to });
    return to;
  };
  const value = Object.fromEntries(Object.entries(configuration).map(([key, item]) => [key, walk(item, [key])]));
  return { value, paths };
}

/** The absolute path of the first file or folder that `text` names relative to `folders`, or null when it names none. */
export function resolveDataPath(text: string, folders: readonly string[], exists: ExistsLookup): string | null {
  if (!looksLikePath(text)) return null;
  for (const folder of folders) {
    const path = resolve(folder, text);
    const kind = exists(path);
    if (kind === "file" || (kind === "folder" && text.includes("/"))) return path;
  }
  return null;
}

/** A plain word ("target", "train") is never a path: it would change its meaning with the files that lie about. */
function looksLikePath(text: string): boolean {
  if (text.length > MAX_PATH_LENGTH || /[\n\r\0]/.test(text)) return false;
  if (text.startsWith("/") || /^[A-Za-z][A-Za-z0-9+.-]*:/.test(text)) return false;
  return text.includes("/") || /[^.]\.[^.]/.test(text);
}
