import { messageOf } from "../../kernel/failure.ts";
import type { Log } from "../../kernel/log.ts";
import { summariseRun, type RunSummary } from "../../model/run/run-summary.ts";
import { asReadNow, readRunSync, type ReadRunDependencies, type UnreadableRun } from "../read-run.ts";
import {
  appendToIndex,
  fileState,
  isSameState,
  readIndex,
  rewriteIndex,
  type IndexedSummary,
} from "./summary-index.ts";

/** What a list of runs is made of, newest first. */
export interface RunSummaries {
  readonly runs: readonly RunSummary[];
  /** Runs whose record cannot be understood: they hide no other. */
  readonly unreadable: readonly UnreadableRun[];
}

/** Void lines that an index may carry along before it is written anew. */
const MAX_VOID_LINES = 2_000;

/**
 * Summaries of the runs `ids` (newest first). A record is opened only when its file has changed since the last list;
 * until then the index knows it. Synchronous reads, because ten thousand small files take a third of the time that way.
 */
export async function listSummaries(
  runs: string,
  ids: readonly string[],
  deps: ReadRunDependencies & { readonly log: Log },
): Promise<RunSummaries> {
  const { summaries, lineCount } = readIndex(runs);
  const [known, added]: [IndexedSummary[], IndexedSummary[]] = [[], []];
  const unreadable: UnreadableRun[] = [];
  for (const id of ids) {
    const entry = summaryOf(runs, id, summaries.get(id));
    if (entry === null) continue;
    if ("reason" in entry) unreadable.push(entry);
    else {
      known.push(entry);
      if (entry !== summaries.get(id)) added.push(entry);
    }
  }
  if (lineCount + added.length > known.length + MAX_VOID_LINES) await rewriteIndex(runs, known, deps.log);
  else appendToIndex(runs, added, deps.log);
  return { runs: known.map(({ summary }) => asReadNow(summary, deps)), unreadable };
}

/** Null for a run that is just being created. */
function summaryOf(
  runs: string,
  id: string,
  indexed: IndexedSummary | undefined,
): IndexedSummary | UnreadableRun | null {
  // Put together by hand: join() on ten thousand paths takes a tenth of a second.
  const folder = `${runs}/${id}`;
  const state = fileState(`${folder}/run.json`);
  if (state === null) return null;
  if (indexed !== undefined && isSameState(indexed.state, state)) return indexed;
  try {
    const record = readRunSync(folder);
    return record === null ? null : { state, summary: { ...summariseRun(record), id } };
  } catch (error) {
    return { id, reason: messageOf(error) };
  }
}
