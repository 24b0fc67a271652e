import { Failure } from "../kernel/failure.ts";
import type { RunRecord } from "../model/run/run-record.ts";

/** Stands for the id of the newest run. */
const LATEST = "latest";

/** Null for a run whose record is not there: it is just being created. @throws Failure when it cannot be understood. */
type ReadRecord = (id: string) => Promise<RunRecord | null>;

/**
 * The run that a user names.
 * @param ids - of all runs, newest first.
 * @param wanted - an id, a beginning that only one has, or `latest`.
 * @throws Failure `RUN_NOT_FOUND`, `RUN_AMBIGUOUS`, and those of `read`.
 */
export async function pickRun(ids: readonly string[], wanted: string, read: ReadRecord): Promise<RunRecord> {
  if (wanted === LATEST) return await readNewest(ids, read);
  return (await read(pickId(ids, wanted))) ?? refuseUnknown(wanted);
}

/** The time in its id says that a damaged record is the newest: an older run in its stead would be taken for that one. */
async function readNewest(ids: readonly string[], read: ReadRecord): Promise<RunRecord> {
  for (const [index, id] of ids.entries()) {
    try {
      const record = await read(id);
      if (record !== null) return record;
    } catch (error) {
      throw newestUnreadable(error, { id, before: await newestReadable(ids.slice(index + 1), read) });
    }
  }
  return refuseUnknown(LATEST);
}

async function newestReadable(ids: readonly string[], read: ReadRecord): Promise<string | null> {
  for (const id of ids) if ((await read(id).catch(() => null)) !== null) return id;
  return null;
}

function newestUnreadable(
  error: unknown,
  { id, before }: { readonly id: string; readonly before: string | null },
): unknown {
  if (!(error instanceof Failure)) return error;
  return new Failure(error.code, {
    message: `The record of the newest run, ${id}, cannot be used: ${error.message}`,
    hint: `${before === null ? "" : `The run before it is ${before}. `}${error.hint ?? ""}`,
    details: { ...error.details, run: id, before },
    cause: error,
  });
}

function pickId(ids: readonly string[], wanted: string): string {
  const matching = wanted === "" ? [] : ids.filter((id) => id.startsWith(wanted));
  const [first] = matching;
  if (first === undefined) return refuseUnknown(wanted);
  if (matching.length === 1) return first;
  throw new Failure("RUN_AMBIGUOUS", {
    message: `${matching.length} runs begin with "${wanted}".`,
    hint: `Give more of the id: ${matching.slice(0, 5).join(", ")}${matching.length > 5 ? ", …" : ""}.`,
  });
}

function refuseUnknown(id: string): never {
  throw new Failure("RUN_NOT_FOUND", {
    message: id === LATEST ? "There are no runs yet." : `There is no run "${id}".`,
    hint: "`modelwright runs list` shows the runs; the beginning of an id is enough, and `latest` is the newest.",
  });
}
