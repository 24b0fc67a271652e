import { copyFile, stat } from "node:fs/promises";
import { extname, join } from "node:path";

import { findInterpreter } from "../../environments/interpreter/find-interpreter.ts";
import { digestFile } from "../../files/digest-file.ts";
import { makeFolders } from "../../files/folders/make-folders.ts";
import { Failure } from "../../kernel/failure.ts";
import type { JobOutcome } from "../../model/ports/executor.ts";
import { PROTOCOL, type RowsJobSpec } from "../../model/ports/job.ts";
import { buildVariables } from "../../process/allowed-variables.ts";
import { rowsCommand } from "../../runtimes/python-runtime.ts";
import { inspectFile } from "../inspection/inspect-file.ts";
import type { Inspection } from "../inspection/inspection.ts";
import { reasonsAgainst } from "../inspection/require-allowed-pickles.ts";
import { unpackWithPython } from "../inspection/unpack-with-python.ts";
import { probeContext } from "../running/prepare-environment.ts";
import { makeWorkFolder } from "../running/temporary-folders.ts";
import type { Services, Work } from "../services.ts";
import { readPickledRows } from "./read-pickled-rows.ts";
import type { PickledRows } from "./row-files.ts";

/** It is read whole, here and there. */
const MOST_BYTES = 2 ** 30;
const MEMORY_LIMIT_BYTES = 8 * 2 ** 30;
const TIMEOUT_MS = 10 * 60_000;
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
 * `DATA_MALFORMED`.
 */
export async function openPickledRows(path: string, opening: PickleOpening): Promise<PickledRows> {
  const { services, python, work } = opening;
  const { size } = await stat(path);
  if (size > MOST_BYTES) throw cannot(path, `it has ${size} bytes, and pickles of data are read up to 1 GiB.`);
  const folder = await makeWorkFolder(services);
  try {
    const file = join(folder.path, `data${extname(path).toLowerCase()}`);
    await copyFile(path, file);
    const { sha256 } = await digestFile(file, work.signal);
    const inspection = await inspectFile(
      file,
      services.settings.allowedPickleImports ?? [],
      unpackWithPython(services, work),
    );
    const format = formatOf(path, inspection);
    requireAllowed(services, path, inspection);
    const spec = rowsJob(services, { file, sha256, folder: folder.path, format, inspection });
    await openInJob(services, { spec, path, python }, work);
    return await readPickledRows(spec.rowsFile);
  } finally {
    await folder.remove();
  }
}

function requireAllowed({ settings }: Services, path: string, inspection: Inspection): void {
  // None: somebody saved the file anew in this moment, without objects.
  if (inspection.verdict === null || inspection.verdict === "allowed") return;
  const reasons = reasonsAgainst(inspection);
  const listed = `${reasons.slice(0, LISTED_REASONS).join("; ")}${reasons.length > LISTED_REASONS ? "; …" : ""}`;
  const isWithoutList = settings.allowedPickleImports === null;
  throw new Failure(isWithoutList ? "DATA_PICKLED" : "PICKLE_NOT_ALLOWED", {
    message: `${path} holds a pickle, which runs code when it is opened, and is not opened: ${listed}.`,
    hint: `${howToAllow(inspection, isWithoutList)} Or save numbers or texts instead: array.astype(float), array.astype(str), DataFrame.to_records(column_dtypes=…).`,
    details: { file: path, reasons },
  });
}

function howToAllow({ pickles }: Inspection, isWithoutList: boolean): string {
  const refused = pickles.flatMap(({ imports }) => imports.filter(({ verdict }) => verdict !== "allowed"));
  if (refused.length === 0 || refused.some(({ verdict }) => verdict === "dangerous"))
    return "Ask who made it what that is for.";
  const packages = [...new Set(refused.map(({ module }) => `${module.split(".")[0] ?? module}.*`))];
  const list = isWithoutList
    ? `set "allowedPickleImports": ${JSON.stringify(packages)}`
    : `add ${packages.join(", ")} to "allowedPickleImports"`;
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
  throw cannot(path, `it is no pickle (${format}).`);
}

interface Opening {
  readonly spec: RowsJobSpec;
  readonly path: string;
  readonly python: string | null;
}

async function openInJob(services: Services, { spec, path, python }: Opening, work: Work): Promise<void> {
  const probe = probeContext(services, work);
  const { executable } = await findInterpreter({ ...probe, interpreter: python ?? services.settings.python });
  const jobFolder = join(spec.workFolder, "job");
  await makeFolders(jobFolder);
  work.onProgress({ step: "data.opening", message: `Opening ${path}` });
  const { command, variables } = rowsCommand(services.folders.runtimes, executable, join(jobFolder, "job.json"));
  const outcome = await services.executor.runJob({
    ...{ spec, jobFolder, command, timeoutMs: TIMEOUT_MS, memoryLimitBytes: MEMORY_LIMIT_BYTES },
    variables: buildVariables({ from: services.processVariables, pass: [], set: {}, extra: variables }).variables,
    onEvent: () => undefined,
    signal: work.signal,
  });
  if (outcome.result?.status !== "succeeded") throw explain(outcome, path, executable);
}

function explain(outcome: JobOutcome, path: string, python: string): Failure {
  const { result, isInterrupted, isTimedOut, isOutOfMemory, exitCode, exitSignal } = outcome;
  if (isInterrupted) return new Failure("INTERRUPTED", { message: `Stopped while opening ${path}.` });
  if (isTimedOut) return cannot(path, `opening it took more than ${TIMEOUT_MS / 60_000} minutes.`);
  if (isOutOfMemory) return cannot(path, `opening it took more than ${MEMORY_LIMIT_BYTES / 2 ** 30} GiB of memory.`);
  const error = result?.error;
  if (error === undefined || error === null)
    return cannot(path, `${python} ended with ${exitSignal ?? `exit code ${String(exitCode)}`} while opening it.`);
  if (error.type === "ModuleNotFoundError")
    return cannot(
      path,
      `${python}, which was to open it, says: ${error.message}.`,
      'Name an interpreter that has what the file needs: --python, or "python" in modelwright.json.',
    );
  return cannot(path, `${error.type === "NoTable" ? "" : `${error.type}: `}${error.message}.`);
}

function cannot(path: string, problem: string, hint?: string): Failure {
  return new Failure("DATA_MALFORMED", { message: `${path} cannot be read as rows: ${problem}`, hint });
}
