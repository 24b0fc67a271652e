import { setImmediate } from "node:timers/promises";

import { readArrayTable } from "../../../arrays/array-table.ts";
import { openZip } from "../../../arrays/npz/zip-archive.ts";
import { nameValues } from "../../../model/prediction/request-envelope.ts";
import type { RowsRecord } from "../../../model/run/run-record.ts";
import { RowSum } from "../../../tabular/digest-rows.ts";

/** 32 MiB of doubles: a value takes about a microsecond, however small it is. */
const MOST_VALUES = 2 ** 22;
/** Values between two breaths of the event loop. */
const VALUES_AT_ONCE = 20_000;

/**
 * Digest of the rows of a file of arrays, whatever their order: that of a JSON file with the same rows. Lists where nothing
 * names the columns.
 * @returns null for one with more than `mostBytes`, unpacked, or with more than four million values.
 * @throws Failure `FILE_NOT_FOUND`, `DATA_MALFORMED`, `DATA_PICKLED`; the signal's reason.
 */
export async function digestArrayRows(
  path: string,
  { mostBytes, signal }: { readonly mostBytes: number; readonly signal: AbortSignal },
): Promise<RowsRecord | null> {
  if (path.toLowerCase().endsWith(".npz") && (await unpackedBytes(path)) > mostBytes) return null;
  const { rowCount, names, row } = await readArrayTable(path, undefined);
  const width = rowCount === 0 ? 1 : Math.max(1, row(0).length);
  if (rowCount * width > MOST_VALUES) return null;
  const rows = new RowSum();
  const rowsAtOnce = Math.ceil(VALUES_AT_ONCE / width);
  for (let index = 0; index < rowCount; index++) {
    if (index % rowsAtOnce === 0) {
      await setImmediate();
      signal.throwIfAborted();
    }
    rows.addJson(names === null ? row(index) : nameValues(row(index), names));
  }
  return rows.record();
}

async function unpackedBytes(path: string): Promise<number> {
  const zip = await openZip(path);
  zip.close();
  return zip.members.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
