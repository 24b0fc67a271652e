import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { writeFileAtomically } from "../../files/write-file-atomically.ts";
import { Failure, hasSystemCode, hinted } from "../../kernel/failure.ts";
import { parse, parseJson } from "../../kernel/parse.ts";
import { reportDataSchema } from "../../model/report/report-data-schema.ts";
import { REPORT_DATA_FILE, type ReportData } from "../../model/report/report-data.ts";
import type { RunRecord } from "../../model/run/run-record.ts";
import { renderReport } from "../../reports/render-report.ts";
import type { Services, Work } from "../services.ts";
import { profileTrainingData, type ProfiledTable } from "./profile-training-data.ts";
import { contentOfRun } from "./report-content.ts";

/** Where the page of a run is written unless told. */
export const REPORT_FILE = "report.html";

const NO_TABLE: ProfiledTable = { name: null, columns: [], absence: "" };

/**
 * The page about a run.
 * @throws Failure `JSON_MALFORMED`, `SCHEMA_MISMATCH` for a damaged `report-data.json`.
 */
export async function reportOfRun(services: Services, run: RunRecord, work: Work): Promise<string> {
  const isTraining = run.kind === "train";
  const data = await readReportData(join(services.runs.foldersOf(run.id).run, REPORT_DATA_FILE));
  const table = isTraining ? await profileTrainingData(services, run, work) : NO_TABLE;
  const evaluations = isTraining ? await evaluationsOf(services, run) : [];
  return renderReport(contentOfRun({ run, data, table, evaluations }, madeBy(services)));
}

/**
 * Writes the page of an evaluation that has just ended beside its record.
 * @returns a sentence for the user: where it is, or why not. A page that cannot be written is no reason to fail.
 */
export async function writeReportOf(services: Services, run: RunRecord, work: Work): Promise<readonly string[]> {
  const path = join(services.runs.foldersOf(run.id).run, REPORT_FILE);
  try {
    await writeFileAtomically(path, await reportOfRun(services, run, work));
    return [`Report: ${path}`];
  } catch (error) {
    if (error instanceof Failure) return [`No report was written: ${error.message}`];
    throw error;
  }
}

/** Null where there is none. @throws Failure `JSON_MALFORMED`, `SCHEMA_MISMATCH`. */
export async function readReportData(path: string): Promise<ReportData | null> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (hasSystemCode(error, "ENOENT")) return null;
    throw error;
  });
  if (text === null) return null;
  try {
    return parse(reportDataSchema, parseJson(text, path), path);
  } catch (error) {
    throw hinted(error, "Evaluate again, or remove the file: the page is then made without figures.");
  }
}

async function evaluationsOf({ runs }: Services, { id }: RunRecord): Promise<readonly string[]> {
  const { runs: all } = await runs.summaries();
  return all.filter(({ source }) => source?.run === id).map((one) => one.id);
}

/** The last line of a page. */
export function madeBy({ clock, toolVersion }: Pick<Services, "clock" | "toolVersion">): string {
  return `Written by modelwright ${toolVersion} on ${clock.now().toISOString()}.`;
}
