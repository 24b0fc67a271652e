import { basename } from "node:path";

import { digestFile } from "../../files/digest-file.ts";
import { messageOf } from "../../kernel/failure.ts";
import { ColumnProfiler, type ColumnProfile } from "../../model/report/column-profile.ts";
import type { RunRecord } from "../../model/run/run-record.ts";
import { pickleOpener } from "../data/pickle-opener.ts";
import { isRowPath, streamRowFile } from "../data/row-files.ts";
import type { Services, Work } from "../services.ts";

/** The profile of a table, or why there is none. */
export interface ProfiledTable {
  readonly name: string | null;
  readonly columns: readonly ColumnProfile[];
  readonly absence: string;
}

/**
 * Profiles the table that a run was trained on, as long as it is still what the run was given.
 * @throws the signal's reason.
 */
export async function profileTrainingData(
  services: Services,
  { dataDigests }: RunRecord,
  { signal }: Work,
): Promise<ProfiledTable> {
  const path = trainingTable(Object.keys(dataDigests));
  if (path === null) return without("The run names no table of rows.");
  try {
    if ((await digestFile(path, signal)).sha256 !== dataDigests[path])
      return without(`${path} has changed since the run.`);
    const profiler = new ColumnProfiler();
    for await (const row of streamRowFile(path, { openPickled: pickleOpener(services, null, { signal }) })) {
      signal.throwIfAborted();
      profiler.add(row);
      if (profiler.isFull) break;
    }
    return { name: basename(path), columns: profiler.profiles(), absence: `${path} has no rows.` };
  } catch (error) {
    signal.throwIfAborted();
    return without(messageOf(error));
  }
}

function without(absence: string): ProfiledTable {
  return { name: null, columns: [], absence };
}

/** The only table, or the first whose name speaks of training. */
function trainingTable(paths: readonly string[]): string | null {
  const tables = paths.filter(isRowPath);
  return (tables.length === 1 ? tables[0] : tables.find((path) => /train/i.test(basename(path)))) ?? null;
}
