import { basename, relative } from "node:path";

import { snapshotFolder } from "../../src/files/snapshot-folder.ts";
import { readDefinition, wantsText } from "../../src/layouts/definitions-layout.ts";
import type { ReadDefinition } from "../../src/model/definition/model-definition.ts";

/** Reads a definition folder as the tool does. @param projectRoot - absolute; faults are relative to it. */
export async function readFromDisk(folder: string, projectRoot: string): Promise<ReadDefinition> {
  const snapshot = await snapshotFolder(folder, {
    readText: wantsText,
    maxTextBytes: 1_000_000,
    isIgnoredFolder: (path) => ["node_modules", "__pycache__", ".git"].includes(basename(path)),
  });
  return readDefinition(snapshot, { projectRoot, displayPath: relative(projectRoot, folder) });
}
