import { stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

import { explainWriteFault } from "../../../files/explain-write-fault.ts";
import { makeFolders } from "../../../files/folders/make-folders.ts";
import { writeFileAtomically } from "../../../files/write-file-atomically.ts";
import { Failure } from "../../../kernel/failure.ts";
import { REPORT_FILE, reportOfRun } from "../../../lifecycle/reporting/report-run.ts";
import { textOption, type RunCommand } from "../../command.ts";

/** `runs report`: the page of a run, beside its record unless told. */
export const run: RunCommand = async (context, input) => {
  const services = await context.services();
  const record = await services.runs.read(input.arguments[0] ?? "");
  const out = textOption(input, "out");
  const path =
    out === null ? join(services.runs.foldersOf(record.id).run, REPORT_FILE) : resolve(context.facts.cwd, out);
  await writePage(path, await reportOfRun(services, record, context));
  return { json: { run: record.id, report: path }, text: path };
};

/** Writes a page; folders on the way are made. @throws Failure `STATE_UNWRITABLE`, `USAGE` when there is a folder. */
export async function writePage(path: string, page: string): Promise<void> {
  if ((await stat(path).catch(() => null))?.isDirectory() === true) {
    throw new Failure("USAGE", {
      message: `The page cannot be written to ${path}: that is a folder.`,
      hint: `Name a file: --out ${join(path, REPORT_FILE)}.`,
    });
  }
  try {
    await makeFolders(dirname(path));
    await writeFileAtomically(path, page);
  } catch (error) {
    throw explainWriteFault(error, path);
  }
}
