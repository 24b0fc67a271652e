import { appendFileSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { writeFileAtomically } from "../../files/write-file-atomically.ts";
import { hasSystemCode, messageOf } from "../../kernel/failure.ts";
import { isJsonObject } from "../../kernel/json.ts";
import type { Log } from "../../kernel/log.ts";
import type { RunSummary } from "../../model/run/run-summary.ts";

/** Tells one state of a `run.json` from another: every write makes a new file. */
export type FileState = readonly [inode: number, modifiedAtMs: number, sizeBytes: number];

/** The summary of a record, and the state that its file had. */
export interface IndexedSummary {
  readonly state: FileState;
  readonly summary: RunSummary;
}

/** Beside the runs. It may be deleted at any time: the next list makes it again. */
const INDEX_FILE = "summaries.jsonl";

/** Raised whenever the form of a line changes, so that lines of other versions of the tool are passed over. */
const FORMAT = 1;

/** The state of a file, or null when it is not there. */
export function fileState(path: string): FileState | null {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true ? [found.ino, found.mtimeMs, found.size] : null;
}

export function isSameState(a: FileState, b: FileState): boolean {
  return a.every((part, index) => part === b[index]);
}

/**
 * The index as it stands, the last line of a run winning. What cannot be read is as if it were not there: the records
 * themselves are the truth.
 */
export function readIndex(runs: string): {
  readonly summaries: Map<string, IndexedSummary>;
  readonly lineCount: number;
} {
  const summaries = new Map<string, IndexedSummary>();
  const lines = readText(join(runs, INDEX_FILE)).split("\n");
  for (const line of lines) {
    const entry = parseLine(line);
    if (entry !== null) summaries.set(entry.summary.id, entry);
  }
  return { summaries, lineCount: lines.length - 1 };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Only this tool writes the file, and the state of the record vouches for the rest; half a line is no JSON. */
function parseLine(line: string): IndexedSummary | null {
  if (line === "") return null;
  try {
    const entry: unknown = JSON.parse(line);
    const isOurs = isJsonObject(entry) && entry["format"] === FORMAT;
    return isOurs ? (entry as unknown as IndexedSummary) : null;
  } catch {
    return null;
  }
}

/** Adds what a list had to read. A state folder that cannot be written only makes lists slower. */
export function appendToIndex(runs: string, entries: readonly IndexedSummary[], log: Log): void {
  if (entries.length === 0) return;
  try {
    // One write at the end of the file, so that two lists at a time leave whole lines.
    appendFileSync(join(runs, INDEX_FILE), entries.map(formatLine).join(""));
  } catch (error) {
    if (!hasSystemCode(error, "ENOENT")) log("warn", "runs.indexFailed", { reason: messageOf(error) });
  }
}

/** Writes the index anew without lines that have become void. */
export async function rewriteIndex(runs: string, entries: readonly IndexedSummary[], log: Log): Promise<void> {
  try {
    await writeFileAtomically(join(runs, INDEX_FILE), entries.map(formatLine).join(""));
  } catch (error) {
    log("warn", "runs.indexFailed", { reason: messageOf(error) });
  }
}

function formatLine({ state, summary }: IndexedSummary): string {
  return `${JSON.stringify({ format: FORMAT, state, summary })}\n`;
}
