import { constants } from "node:fs";
import { access, copyFile, stat } from "node:fs/promises";
import { extname, join } from "node:path";

import { digestFile } from "../../files/digest-file.ts";
import { explainWriteFault } from "../../files/explain-write-fault.ts";
import { Failure, hasSystemCode } from "../../kernel/failure.ts";
import { PROTOCOL, type RowsJobSpec } from "../../model/ports/job.ts";
import { importJudge } from "../../pickles/policy/judge-import.ts";
import { inspectFile } from "../inspection/inspect-file.ts";
import type { Inspection } from "../inspection/inspection.ts";
import { reasonsAgainst } from "../inspection/require-allowed-pickles.ts";
import { unpackWithPython } from "../inspection/unpack-with-python.ts";
import { makeWorkFolder } from "../running/temporary-folders.ts";
import type { Services, Work } from "../services.ts";
import { explainAbsence } from "../../tabular/explain-absence.ts";
import { readPickledRows } from "./read-pickled-rows.ts";
import type { PickledRows } from "./row-files.ts";
import { runRowsJob, unreadable } from "./run-rows-job.ts";

/** It is read whole, here and there. */
const MOST_BYTES = 2 ** 30;
const LISTED_REASONS = 10;

/** Who opens a pickle, and with what. */
export interface PickleOpening {
  readonly services: Services;
  /** What was chosen on the command line; null: the project's interpreter, else the one on the search path. */
  readonly python: string | null;
  readonly work: Work;
}

/**
 * Opens the pickle in a data file: a copy that nobody else writes is checked against the project's `allowedPickleImports`, and
 * opened in a process of its own, which makes sure that it has the bytes that were checked.
 * @throws Failure `FILE_NOT_FOUND`, `DATA_PICKLED` without a list, `PICKLE_NOT_ALLOWED`, `INTERPRETER_NOT_FOUND`,
 * `DATA_MALFORMED`, `STATE_UNWRITABLE`.
 */
export async function openPickledRows(path: string, opening: PickleOpening): Promise<PickledRows> {
  const { services, python, work } = opening;
  await requireReadable(path);
  const folder = await makeWorkFolder(services);
  try {
    const file = join(folder.path, `data${extname(path).toLowerCase()}`);
    await copyTo(file, path);
    const { sha256 } = await digestFile(file, work.signal);
    const inspection = await inspectFile(
      file,
      services.settings.allowedPickleImports ?? [],
      unpackWithPython(services, work),
    );
    const format = formatOf(path, inspection);
    requireAllowed(services, path, inspection);
    const spec = rowsJob(services, { file, sha256, folder: folder.path, format, inspection });
    await runRowsJob(services, { spec, path, python }, work);
    return await readPickledRows(spec.rowsFile);
  } finally {
    await folder.remove();
  }
}

async function requireReadable(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK);
    const stats = await stat(path);
    if (stats.size > MOST_BYTES)
      throw unreadable(path, `it has ${stats.size} bytes, and pickles of data are read up to 1 GiB.`);
    if (!stats.isFile())
      throw new Failure("FILE_NOT_FOUND", { message: `${path} is no file.`, hint: "Check the path." });
  } catch (error) {
    throw explainAbsence(error, path);
  }
}

async function copyTo(copy: string, path: string): Promise<void> {
  try {
    await copyFile(path, copy);
  } catch (error) {
    // The folder of the copy is there, so it is the file that is gone.
    throw hasSystemCode(error, "ENOENT") ? explainAbsence(error, path) : explainWriteFault(error, copy);
  }
}

function requireAllowed({ settings }: Services, path: string, inspection: Inspection): void {
  // None: somebody saved the file anew in this moment, without objects.
  if (inspection.verdict === null || inspection.verdict === "allowed") return;
  const reasons = reasonsAgainst(inspection);
  const listed = `${reasons.slice(0, LISTED_REASONS).join("; ")}${reasons.length > LISTED_REASONS ? "; …" : ""}`;
  const patterns = settings.allowedPickleImports;
  const isWithoutList = patterns === null;
  throw new Failure(isWithoutList ? "DATA_PICKLED" : "PICKLE_NOT_ALLOWED", {
    message: `${path} holds a pickle, which runs code when it is opened, and is not opened: ${listed}.`,
    hint: `${howToAllow(inspection, patterns)} Or save numbers or texts instead: array.astype(float), array.astype(str), DataFrame.to_records(column_dtypes=…).`,
    details: { file: path, reasons },
  });
}

function howToAllow({ pickles }: Inspection, patterns: readonly string[] | null): string {
  const refused = pickles.flatMap(({ imports }) => imports.filter(({ verdict }) => verdict !== "allowed"));
  if (refused.length === 0 || refused.some(({ verdict }) => verdict === "dangerous"))
    return "Ask who made it what that is for.";
  const called = new Set(pickles.flatMap(({ calls }) => calls.map(({ callee }) => callee)));
  const names = refused.map(({ module, name }) => {
    const [full, pattern] = [`${module}.${name}`, `${module.split(".")[0] ?? module}.*`];
    const verdict = importJudge([pattern])({ module, name, isCalled: called.has(full) });
    // What is there already and does not allow it would not do so when it was there twice.
    return verdict === "allowed" && patterns?.includes(pattern) !== true ? pattern : full;
  });
  const wanted = [...new Set(names)];
  const list =
    patterns === null
      ? `set "allowedPickleImports": ${JSON.stringify(wanted)}`
      : `add ${wanted.join(", ")} to "allowedPickleImports"`;
  return `If you trust it, ${list} in modelwright.json; that counts for models, too.`;
}

interface CheckedFile {
  /** The copy. */
  readonly file: string;
  readonly sha256: string;
  readonly folder: string;
  readonly format: RowsJobSpec["format"];
  readonly inspection: Inspection;
}

function rowsJob({ pid }: Services, { file, sha256, folder, format, inspection }: CheckedFile): RowsJobSpec {
  const { pickles } = inspection;
  return {
    protocol: PROTOCOL,
    kind: "rows",
    workFolder: folder,
    parentPid: pid,
    resultFile: join(folder, "result.json"),
    eventsFile: join(folder, "events.jsonl"),
    rowsFile: join(folder, "rows.jsonl"),
    file,
    sha256,
    format,
    imports: pickles.flatMap(({ imports }) => imports.map(({ module, name }) => [module, name] as const)),
  };
}

function formatOf(path: string, { format, compression }: Inspection): RowsJobSpec["format"] {
  if (format === "npy" || format === "npz" || format === "joblib") return format;
  // Only joblib compresses files of its own as a whole.
  if (format === "pickle") return compression === null ? "pickle" : "joblib";
  throw unreadable(path, `it is no pickle (${format}).`);
}
