import { posix } from "node:path";

import type { FolderSnapshot } from "../../../model/ports/folder-snapshot.ts";

const FILE_OPTION = /^(\s*(?:-r|--requirement|-c|--constraint|-e|--editable|-f|--find-links)(?:\s*=\s*|\s+))(\S+)(.*)$/;
const LOCAL_PACKAGE = /^(\s*)(\.{1,2}\/\S*)(.*)$/;
const INCLUDE = /^\s*(?:-r|--requirement)\b/;

/**
 * The text of a requirements file as it can be used in any folder: files that it includes stand in their place,
 * and other relative paths are absolute.
 * https://pip.pypa.io/en/stable/reference/requirements-file-format/
 * @param path - of the file, relative to the definition; its text must be in the snapshot.
 */
export function expandRequirements(snapshot: FolderSnapshot, path: string): string {
  return expand(snapshot, path, []);
}

/** The same for lines of a requirements file that stand in a file of another kind. @param path - of that file. */
export function expandLines(snapshot: FolderSnapshot, path: string, lines: string): string {
  return expandText(snapshot, lines, [path]);
}

function expand(snapshot: FolderSnapshot, path: string, including: readonly string[]): string {
  const text = (snapshot.texts.get(path) ?? "").replace(/^\uFEFF/, "");
  return expandText(snapshot, text, [...including, path]);
}

/** @param files - the file that the text stands in, after those that include it. */
function expandText(snapshot: FolderSnapshot, text: string, files: readonly string[]): string {
  return text
    .split(/\r?\n/)
    .map((line) => expandLine(snapshot, line, files))
    .join("\n");
}

function expandLine(snapshot: FolderSnapshot, line: string, files: readonly string[]): string {
  const match = FILE_OPTION.exec(line) ?? LOCAL_PACKAGE.exec(line);
  if (match === null) return line;
  const [, before = "", target = "", after = ""] = match;
  if (target.startsWith("/") || target.includes(":")) return line;
  const path = posix.join(posix.dirname(files.at(-1) ?? ""), target);
  if (!INCLUDE.test(line)) return before + posix.resolve(snapshot.root, path) + after;
  if (files.includes(path)) return "";
  if (snapshot.texts.has(path)) return expand(snapshot, path, files);
  return before + posix.resolve(snapshot.root, path) + after;
}
