import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

import { recallAnswer, rememberAnswer } from "../../../environments/remembered-answer.ts";
import { digestFile } from "../../../files/digest-file.ts";
import { sha256 } from "../../../kernel/digest.ts";
import { Failure } from "../../../kernel/failure.ts";
import { findQueries } from "../../../model/run/find-queries.ts";
import type { RowsRecord, RunRecord } from "../../../model/run/run-record.ts";
import { digestRows } from "../../../tabular/digest-rows.ts";
import { isTablePath } from "../../../tabular/table-format.ts";
import { isRowPath } from "../../data/row-files.ts";
import type { ChosenData } from "../../definitions/choose-data-configuration.ts";
import type { Services } from "../../services.ts";

/** Rows of larger files are not compared: it would take longer than many a training. */
export const MAX_ROWS_FILE_BYTES = 32 * 1024 * 1024;

const MAX_QUERY_BYTES = 1024 * 1024;

/** What a record says about the data of a run. */
export type DataFacts = Required<Pick<RunRecord, "dataDigests" | "dataRows" | "dataQueries">>;

/**
 * Digests of the files that a data configuration names, of their rows where they are tables or arrays of up to 32 MiB, and the
 * queries in it. Rows are read once: their digest is remembered until the file changes.
 * @throws Failure `FILE_NOT_FOUND`, and the signal's reason.
 */
export async function describeData(services: Services, data: ChosenData, signal: AbortSignal): Promise<DataFacts> {
  const paths = [...new Set(data.files.map(({ path }) => path))];
  const digests = await Promise.all(
    paths.map(async (path) => [path, (await digestFile(path, signal)).sha256] as const),
  );
  const rows: [string, RowsRecord][] = [];
  for (const path of paths) {
    const found = await rowsOf(services, path, signal);
    if (found !== null) rows.push([path, found]);
  }
  return {
    dataDigests: Object.fromEntries(digests),
    dataRows: Object.fromEntries(rows),
    dataQueries: findQueries(data.value, readQuery),
  };
}

const rowsSchema = z.object({ rowCount: z.number(), digest: z.string() }).nullable();

/** Loaded for arrays only: every training waits for what is loaded. */
async function digestArrays(path: string, signal: AbortSignal): Promise<RowsRecord | null> {
  const { digestArrayRows } = await import("./digest-array-rows.ts");
  return digestArrayRows(path, { mostBytes: MAX_ROWS_FILE_BYTES, signal });
}

/** Null for a file that is no table, too large, or not readable as one. */
async function rowsOf(
  { folders, log, clock }: Services,
  path: string,
  signal: AbortSignal,
): Promise<RowsRecord | null> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || !isRowPath(path) || found.size > MAX_ROWS_FILE_BYTES) return null;
  const file = join(folders.cache, "rows", `${sha256(path).slice(0, 32)}.json`);
  const recalled = await recallAnswer(file, z.object({ rows: rowsSchema }));
  if (recalled !== null) return recalled.rows;
  const askedAtMs = clock.now().getTime();
  const digest = isTablePath(path) ? digestRows(path, signal) : digestArrays(path, signal);
  const rows = await digest.catch((error: unknown) => {
    if (error instanceof Failure && !signal.aborted) return null;
    throw error;
  });
  await rememberAnswer(file, { value: { rows }, watched: [path], askedAtMs }, log);
  return rows;
}

function readQuery(path: string): string | null {
  try {
    return statSync(path).size > MAX_QUERY_BYTES ? null : readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
