import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";

import { findFolders } from "../../files/find-folders.ts";
import { snapshotFolder, type OutwardLinks } from "../../files/snapshot-folder.ts";
import { Failure } from "../../kernel/failure.ts";
import {
  DEFINITION_FOLDERS,
  DEFINITION_MARKER,
  MAX_SEARCH_DEPTH,
  selectDefinitionFolders,
} from "../../layouts/find-definitions.ts";
import { CODE_FOLDER } from "../../layouts/definitions/definition-paths.ts";
import { findDuplicates } from "../../layouts/find-duplicates.ts";
import { readDefinition, wantsText } from "../../layouts/definitions-layout.ts";
import type { ReadDefinition } from "../../model/definition/model-definition.ts";
import type { UnreadablePath } from "../../model/ports/folder-snapshot.ts";
import type { Services } from "../services.ts";

const MAX_TEXT_BYTES = 4 * 1024 * 1024;
const UNREAD_FOLDERS = new Set(["node_modules", "__pycache__"]);
const READ_HIDDEN_FOLDERS = new Set([".cli", ".s2i"]);

/** A definition folder with what reading it gave. */
export interface ListedDefinition {
  readonly read: ReadDefinition;
  /** Absolute. */
  readonly folder: string;
  /** Relative to the folder that was searched; `.` for that folder itself. */
  readonly path: string;
}

/** Every model definition that was found, and the folders that could not be looked into. */
export interface DefinitionList {
  readonly definitions: readonly ListedDefinition[];
  readonly unreadable: readonly UnreadablePath[];
}

/**
 * Every model definition of the project, or below `folder` (absolute), valid or not, in order of path.
 * @throws Failure `FILE_NOT_FOUND` when `folder` does not exist.
 */
export async function listDefinitions(services: Services, folder: string | null): Promise<DefinitionList> {
  const base = folder ?? services.settings.projectRoot;
  const found = await findFolders({
    projectRoot: base,
    containing: DEFINITION_MARKER,
    ...(await searchFolders(base)),
  });
  const folders = selectDefinitionFolders(found.folders);
  const reads = await Promise.all(
    folders.map(async (path) => ({ path, read: await readDefinitionFolder(services, path, base) })),
  );
  // Other things of that name are nobody's definition, unless they are asked for.
  const own = reads.filter(({ path, read }) => path === base || read.valid || !read.partial.isForeign);
  const marked = findDuplicates(own.map(({ path, read }) => ({ read, displayPath: displayPath(base, path) })));
  const definitions = marked.map(({ read, displayPath: path }, index) => ({
    read,
    path,
    folder: own[index]?.path ?? base,
  }));
  return { definitions, unreadable: found.unreadable };
}

/** Reads one definition folder as it is; faults name it relative to `base`. */
export async function readDefinitionFolder(services: Services, folder: string, base: string): Promise<ReadDefinition> {
  const snapshot = await snapshotFolder(folder, {
    readText: wantsText,
    maxTextBytes: MAX_TEXT_BYTES,
    isIgnoredFolder,
    linksOut: codeLinks(folder),
  });
  return readDefinition(snapshot, {
    projectRoot: projectRootOf(folder, services.settings.projectRoot),
    displayPath: displayPath(base, folder),
    defaults: services.settings.defaults,
  });
}

/** Folders of a definition that are not read. */
export function isIgnoredFolder(path: string): boolean {
  const name = basename(path);
  return UNREAD_FOLDERS.has(name) || (name.startsWith(".") && !READ_HIDDEN_FOLDERS.has(name));
}

/** Code that definitions of a repository share is often linked into each. Other links may lead to data, and are not followed. */
export function codeLinks(folder: string): OutwardLinks {
  return { within: repositoryAround(folder), mayFollow: (path) => path.split("/").includes(CODE_FOLDER) };
}

/** The git repository that a folder lies in; without one, what holds `model_definitions/` or `models/`. */
function repositoryAround(folder: string): string {
  const above = ancestors(folder);
  return above.find((path) => existsSync(join(path, ".git"))) ?? aroundDefinitions(folder) ?? folder;
}

function aroundDefinitions(folder: string): string | null {
  const names: readonly string[] = DEFINITION_FOLDERS;
  const found = ancestors(folder).find((path) => dirname(path) !== path && names.includes(basename(path)));
  return found === undefined ? null : dirname(found);
}

/** The folder itself, and those above it. */
function ancestors(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}

async function searchFolders(base: string): Promise<{ readonly roots: readonly string[]; readonly maxDepth: number }> {
  const kind = await stat(base).catch(() => null);
  if (kind?.isDirectory() !== true) {
    throw new Failure("FILE_NOT_FOUND", { message: `There is no folder ${base}.`, hint: "Check the path." });
  }
  if ((await stat(join(base, DEFINITION_MARKER)).catch(() => null)) !== null) return { roots: [base], maxDepth: 0 };
  const names: readonly string[] = DEFINITION_FOLDERS;
  const roots = names.includes(basename(base)) ? [base] : names.map((name) => join(base, name));
  return { roots, maxDepth: MAX_SEARCH_DEPTH };
}

/** A folder outside the project brings its own: the parent of `model_definitions/` or `models/`, else itself. */
function projectRootOf(folder: string, projectRoot: string): string {
  if (!relative(projectRoot, folder).startsWith("..")) return projectRoot;
  return aroundDefinitions(folder) ?? folder;
}

function displayPath(base: string, folder: string): string {
  return relative(base, folder) || ".";
}
