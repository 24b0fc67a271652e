import * as z from "zod";

import { metrics, modelName, runId } from "../fields.ts";
import { durationMs, runKind, runStatus, source, startedAt } from "./run-fields.ts";

const run = z.object({
  id: runId,
  model: modelName,
  kind: runKind,
  status: runStatus,
  startedAt,
  durationMs,
  metrics: metrics.describe("The model's own metrics and those that the platform computed, which win."),
  source,
  failure: z.string().nullable().describe("Code of the error (docs/errors.md) of a run that failed."),
  git: z.string().nullable().describe("git describe --always --dirty; null outside of a repository."),
});

/** What `runs list --json` prints. */
export const runsListOutput = z.object({
  runs: z.array(run).describe("Newest first, at most --limit."),
  total: z.number().int().nonnegative().describe("Runs that pass the filters, shown or not."),
  unreadable: z.array(z.object({ id: runId, reason: z.string() })).describe("Runs whose record cannot be read."),
});
