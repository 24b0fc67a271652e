import { realpath } from "node:fs/promises";
import { join } from "node:path";

import { checkOutCode } from "../../git/snapshot/check-out-code.ts";
import { Failure } from "../../kernel/failure.ts";
import type { ModelDefinition } from "../../model/definition/model-definition.ts";
import { codeOf, type CodeSource } from "../../model/ports/runtime.ts";
import type { CodeRecord } from "../../model/run/code-record.ts";
import type { RunRecord } from "../../model/run/run-record.ts";
import { layOutCopies } from "../../runs/code/keep-copies.ts";
import { readDefinitionFolder } from "../definitions/list-definitions.ts";
import { requireValid } from "../definitions/pick-definition.ts";
import { makeWorkFolder } from "../running/temporary-folders.ts";
import type { Services, Work } from "../services.ts";

/** The code of a run as it was, in a folder of its own. */
export interface LaidOutCode {
  readonly record: CodeRecord;
  /** Read from the folder in which it is laid out now. */
  readonly definition: ModelDefinition;
  /** The code to run: packages of Node are still looked up where they were. */
  readonly source: CodeSource;
  /** Folders in which data that the definition names by a relative path is looked for: the original ones. */
  readonly dataFolders: readonly string[];
}

export interface CodeOfRunRequest<T> {
  readonly run: RunRecord;
  /** Ends before the code goes. */
  readonly use: (code: LaidOutCode) => Promise<T>;
}

/**
 * Lays out the code that a run was made with; it goes when `use` ends.
 * @throws Failure `RUN_CODE_MISSING`, `DEFINITION_INVALID`, and whatever `use` throws.
 */
export async function withCodeOfRun<T>(services: Services, { run, use }: CodeOfRunRequest<T>, work: Work): Promise<T> {
  const record = requireCode(run);
  const folder = await makeWorkFolder(services);
  try {
    const target = join(await realpath(folder.path), "code");
    work.onProgress({ step: "code.laidOut", message: `Laying out the code of run ${run.id}` });
    await layOut(services, { record, target, temporary: folder.path }, work);
    const definition = requireValid(
      await readDefinitionFolder(services, join(target, record.definition), join(target, record.definition)),
    );
    const original = { projectRoot: record.project, definitionFolder: run.definition.folder };
    return await use({
      record,
      definition,
      source: { ...codeOf(definition), ...original, isCheckout: false },
      dataFolders: [run.definition.folder, record.project],
    });
  } finally {
    await folder.remove();
  }
}

interface LayOutRequest {
  readonly record: CodeRecord;
  /** Absolute. Made. */
  readonly target: string;
  /** Absolute. */
  readonly temporary: string;
}

async function layOut(
  { folders, processVariables: variables }: Services,
  { record, target, temporary }: LayOutRequest,
  { signal }: Work,
): Promise<void> {
  if (record.kind === "files") await layOutCopies(folders.code, record.stored ?? "", target);
  else {
    const places = { target, codeFolder: folders.code, temporaryFolder: temporary };
    await checkOutCode(record, places, { variables, signal });
  }
}

function requireCode({ id, kind, code, source }: RunRecord): CodeRecord {
  if (code !== undefined && code !== null) return code;
  const reason =
    kind === "evaluate"
      ? "it is an evaluation, which keeps no code of its own"
      : code === null
        ? "keeping it failed when the run began"
        : "it was made before modelwright kept code";
  throw new Failure("RUN_CODE_MISSING", {
    message: `The run ${id} has no stored code: ${reason}.`,
    hint: source?.run == null ? "Train again: every training keeps its code." : `Name its training run: ${source.run}.`,
  });
}
