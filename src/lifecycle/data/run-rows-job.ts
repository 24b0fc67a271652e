import { join } from "node:path";

import { findInterpreter } from "../../environments/interpreter/find-interpreter.ts";
import { listEnvironments } from "../../environments/kept/list-environments.ts";
import { makeFolders } from "../../files/folders/make-folders.ts";
import { Failure } from "../../kernel/failure.ts";
import type { JobOutcome } from "../../model/ports/executor.ts";
import type { RowsJobSpec } from "../../model/ports/job.ts";
import { buildVariables } from "../../process/allowed-variables.ts";
import { rowsCommand } from "../../runtimes/python-runtime.ts";
import { probeContext } from "../running/prepare-environment.ts";
import type { Services, Work } from "../services.ts";

const MEMORY_LIMIT_BYTES = 8 * 2 ** 30;
const TIMEOUT_MS = 10 * 60_000;
/** Each that lacks something costs the start of a process. */
const MOST_ENVIRONMENTS = 3;
/** What the job's own guard says. */
const REFUSALS = ["ImportRefused", "ActionRefused"];
const MISSING_MODULE = "ModuleNotFoundError";

/** A pickle that was checked, to be opened. */
export interface RowsToOpen {
  readonly spec: RowsJobSpec;
  /** As messages name the file. */
  readonly path: string;
  /** See `PickleOpening`. */
  readonly python: string | null;
}

/**
 * Opens a checked pickle in a process of its own, which writes its rows to `spec.rowsFile`.
 * @throws Failure `INTERPRETER_NOT_FOUND`, `DATA_MALFORMED`, `PICKLE_NOT_ALLOWED`, `INTERRUPTED`.
 */
export async function runRowsJob(services: Services, { spec, path, python }: RowsToOpen, work: Work): Promise<void> {
  work.onProgress({ step: "data.opening", message: `Opening ${path}` });
  let failure: Failure | null = null;
  for await (const interpreter of interpretersFor(services, python, work)) {
    const outcome = await runJob(services, { spec, interpreter }, work);
    if (outcome.result?.status === "succeeded") return;
    // Of several that lack something, the first is the one that is told of: it is the one that is meant.
    failure ??= explain(outcome, path, interpreter);
    if (outcome.result?.error?.type !== MISSING_MODULE) break;
  }
  throw failure ?? unreadable(path, "there is no interpreter to open it with.");
}

/** The one that is chosen; without a choice the one on the search path, then environments of models that have NumPy. */
async function* interpretersFor(services: Services, python: string | null, work: Work): AsyncGenerator<string> {
  const chosen = python ?? services.settings.python;
  yield (await findInterpreter({ ...probeContext(services, work), interpreter: chosen })).executable;
  if (chosen !== null) return;
  const { environments } = await listEnvironments(services.folders.environments);
  const withNumPy = environments.filter(({ packages }) => packages.some((name) => name.startsWith("numpy==")));
  for (const environment of withNumPy.slice(0, MOST_ENVIRONMENTS)) yield environment.python;
}

async function runJob(
  services: Services,
  { spec, interpreter }: { readonly spec: RowsJobSpec; readonly interpreter: string },
  work: Work,
): Promise<JobOutcome> {
  const jobFolder = join(spec.workFolder, "job");
  await makeFolders(jobFolder);
  const { command, variables } = rowsCommand(services.folders.runtimes, interpreter, join(jobFolder, "job.json"));
  return services.executor.runJob({
    ...{ spec, jobFolder, command, timeoutMs: TIMEOUT_MS, memoryLimitBytes: MEMORY_LIMIT_BYTES },
    variables: buildVariables({ from: services.processVariables, pass: [], set: {}, extra: variables }).variables,
    onEvent: () => undefined,
    signal: work.signal,
  });
}

function explain(outcome: JobOutcome, path: string, python: string): Failure {
  const { result, isInterrupted, isTimedOut, isOutOfMemory, exitCode, exitSignal } = outcome;
  if (isInterrupted) return new Failure("INTERRUPTED", { message: `Stopped while opening ${path}.` });
  if (isTimedOut) return unreadable(path, `opening it took more than ${TIMEOUT_MS / 60_000} minutes.`);
  if (isOutOfMemory)
    return unreadable(path, `opening it took more than ${MEMORY_LIMIT_BYTES / 2 ** 30} GiB of memory.`);
  const error = result?.error;
  if (error === undefined || error === null)
    return unreadable(path, `${python} ended with ${exitSignal ?? `exit code ${String(exitCode)}`} while opening it.`);
  if (REFUSALS.includes(error.type))
    return new Failure("PICKLE_NOT_ALLOWED", {
      message: `${path} was not opened to its end: ${error.message}.`,
      hint: "Ask who made it what that is for.",
    });
  if (error.type === MISSING_MODULE)
    return unreadable(
      path,
      `${python}, which was to open it, says: ${error.message}.`,
      'Name an interpreter that has what the file needs: --python, or "python" in modelwright.json.',
    );
  return unreadable(path, `${error.type === "NoTable" ? "" : `${error.type}: `}${error.message}.`);
}

/** Why a file gives no rows. */
export function unreadable(path: string, problem: string, hint?: string): Failure {
  return new Failure("DATA_MALFORMED", { message: `${path} cannot be read as rows: ${problem}`, hint });
}
