import * as z from "zod";

import { modelName, runId, versionLabel } from "../fields.ts";

const report = z.string().describe("The page that was written.");

/** What `runs report --json` prints. */
export const runsReportOutput = z.object({ run: runId, report });

/** What `report --json` prints. */
export const versionReportOutput = z.object({ model: modelName, version: versionLabel, report });
