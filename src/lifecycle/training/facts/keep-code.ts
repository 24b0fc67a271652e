import { realpath } from "node:fs/promises";
import { posix, relative, sep } from "node:path";

import { chooseKeptFiles } from "../../../files/choose-kept-files.ts";
import { snapshotFolder } from "../../../files/snapshot-folder.ts";
import { snapshotCheckout, type GitCode } from "../../../git/snapshot/snapshot-checkout.ts";
import { messageOf } from "../../../kernel/failure.ts";
import type { ModelDefinition } from "../../../model/definition/model-definition.ts";
import { MAX_LISTED_FILES, type CodeRecord } from "../../../model/run/code-record.ts";
import { keepCopies } from "../../../runs/code/keep-copies.ts";
import { codeLinks, isIgnoredFolder } from "../../definitions/list-definitions.ts";
import { makeWorkFolder } from "../../running/temporary-folders.ts";
import type { Services } from "../../services.ts";

/** Where the code of a run is kept, and what went otherwise than it should, for the user. */
export interface KeptCode {
  readonly code: CodeRecord | null;
  readonly notes: readonly string[];
}

/**
 * Keeps the code of a definition as it is now: a commit of its repository, a snapshot of its changed checkout, or copies of
 * its files. Never fails: a run is worth more than the record of its code.
 */
export async function keepCode(
  services: Services,
  definition: ModelDefinition,
  signal: AbortSignal,
): Promise<KeptCode> {
  const notes: string[] = [];
  try {
    const found = await ofCheckout(services, definition, signal).catch((error: unknown) => {
      if (signal.aborted) throw error;
      notes.push(`Git could not tell the code (${messageOf(error)}), so the definition's own files were copied.`);
      return null;
    });
    const code = found ?? (await ofFolder(services, definition));
    return { code: { ...code, project: definition.projectRoot }, notes };
  } catch (error) {
    services.log("warn", "run.codeNotKept", { definition: definition.folder, reason: messageOf(error) });
    const note = `The code was not kept, so the run cannot be reproduced: ${messageOf(error)}`;
    return { code: null, notes: signal.aborted ? [] : [note] };
  }
}

async function ofCheckout(
  services: Services,
  definition: ModelDefinition,
  signal: AbortSignal,
): Promise<GitCode | null> {
  const { settings, folders, processVariables: variables } = services;
  const temporary = await makeWorkFolder(services);
  try {
    const request = {
      folder: definition.folder,
      codeFiles: ["model.json", ...codePaths(definition)],
      unread: await Promise.all([settings.home, settings.store].map((path) => realpath(path).catch(() => path))),
      codeFolder: folders.code,
      temporaryFolder: temporary.path,
    };
    return await snapshotCheckout(request, { variables, signal });
  } finally {
    await temporary.remove();
  }
}

/** Code files, relative to the definition folder. */
function codePaths({ folder, codeRoot, codeFiles }: ModelDefinition): readonly string[] {
  const prefix = relative(folder, codeRoot).split(sep).join("/");
  return codeFiles.map((path) => posix.join(prefix, path));
}

async function ofFolder({ folders }: Services, { folder }: ModelDefinition): Promise<GitCode> {
  const { entries } = await snapshotFolder(folder, {
    ...{ readText: () => false, maxTextBytes: 0, isIgnoredFolder, linksOut: codeLinks(folder) },
  });
  const paths = entries.map(({ path }) => path);
  const { kept, leftOut } = await chooseKeptFiles(folder, paths);
  return {
    kind: "files",
    root: folder,
    definition: "",
    commit: null,
    base: null,
    stored: await keepCopies(folders.code, folder, kept),
    changed: [],
    leftOut: leftOut.slice(0, MAX_LISTED_FILES),
    leftOutCount: leftOut.length,
  };
}
