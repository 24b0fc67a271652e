import * as z from "zod";

import { LANGUAGES } from "../../../../model/definition/model-definition.ts";
import { metrics, modelName, runId, sha256, sizeBytes } from "../fields.ts";
import { durationMs, runKind, runStatus, source, startedAt } from "./run-fields.ts";

const anyObject = z.record(z.string(), z.json());

const frame = z.object({
  file: z.string(),
  line: z.number().nullable(),
  function: z.string().nullable(),
  source: z.string().nullable(),
  isUser: z.boolean().describe("True for code of the model's own folder."),
});

const failure = z.object({
  code: z.string().describe("One of docs/errors.md."),
  message: z.string(),
  hint: z.string().nullable(),
  error: z
    .object({ type: z.string(), message: z.string(), frames: z.array(frame) })
    .nullable()
    .describe("What the model's code raised."),
});

const environment = z.object({
  digest: z.string().describe("Digest of the environment: equal for the same packages and interpreter."),
  interpreter: z.string(),
  packages: z.array(z.string()).describe("Installed packages as name==version."),
  unmet: z.array(z.string()).describe("What the environment does not meet."),
});

const leftOut = z.object({
  path: z.string(),
  reason: z.enum(["secret", "large", "lfs", "submodule", "ignored", "unreadable", "limit"]),
  sizeBytes: z.number().nonnegative().nullable(),
});

const code = z
  .object({
    kind: z.enum(["commit", "snapshot", "files"]).describe("How the code is kept."),
    root: z.string(),
    definition: z.string().describe("The definition folder, relative to root."),
    project: z.string(),
    commit: z.string().nullable(),
    base: z.string().nullable(),
    stored: z.string().nullable().describe("Where it is kept, relative to code/ in the state folder."),
    changed: z.array(z.string()).describe("Files that are not as in base, at most a thousand."),
    leftOut: z.array(leftOut).describe("Files that are not kept, at most a thousand."),
    leftOutCount: z.number().int().nonnegative(),
  })
  .describe("Where the code of the run can be found again.");

const query = z.object({
  pointer: z.string().describe("JSON pointer into the data configuration."),
  sql: z.string(),
  file: z.string().nullable(),
  asOf: z.string().nullable(),
});

const record = z.object({
  schemaVersion: z.literal(1),
  id: runId,
  kind: runKind,
  model: modelName,
  definition: z.object({
    id: z.string(),
    name: z.string(),
    language: z.enum(LANGUAGES),
    folder: z.string(),
    digest: z.string(),
  }),
  status: runStatus,
  process: z.object({ pid: z.number().int(), host: z.string(), startedAt: z.string() }),
  startedAt,
  heartbeatAt: z.iso.datetime().describe("Renewed while the run goes on."),
  endedAt: z.iso.datetime().nullable(),
  durationMs,
  git: z
    .object({
      commit: z.string().nullable(),
      describe: z.string().nullable(),
      branch: z.string().nullable(),
      isDirty: z.boolean(),
    })
    .nullable(),
  parameters: anyObject,
  dataConfiguration: anyObject,
  dataDigests: z
    .record(z.string(), z.string())
    .describe("Path → sha256 of the files that the data configuration names."),
  dataRows: z
    .record(z.string(), z.object({ rowCount: z.number().int().nonnegative(), digest: z.string() }))
    .optional()
    .describe("Path → digest of the rows, whatever their order, of files that are tables."),
  dataQueries: z.array(query).optional().describe("Queries that the data configuration holds or names."),
  code: code.nullable().optional(),
  reproduces: z.string().optional().describe("The run that this one repeats."),
  environment: environment.nullable(),
  seeds: anyObject,
  threads: anyObject.describe("How many threads what computed with."),
  machine: anyObject,
  peakMemoryBytes: z.number().nonnegative().nullable(),
  metrics: metrics.describe("Metrics that the model wrote, as it gave them."),
  platformMetrics: z.record(z.string(), z.number()).describe("Metrics that the platform computed."),
  artifacts: z.array(z.object({ name: z.string(), folder: z.enum(["models", "artifacts/output"]), sizeBytes, sha256 })),
  configurations: z
    .array(z.object({ source: z.string(), name: z.string(), digest: z.string() }))
    .optional()
    .describe("Configurations that the code read."),
  besideCode: z
    .array(z.string())
    .optional()
    .describe("Files that the code wrote beside itself: into its copy, by their paths in the checkout."),
  changedInProject: z.array(z.string()).optional().describe("Files of the project that changed while the code ran."),
  failure: failure.nullable(),
  source,
});

/** What `runs show --json` prints. */
export const runsShowOutput = z.object({
  run: record.describe("The record, without the lock of its environment."),
  folder: z.string().describe("Folder of the run."),
  logs: z.array(z.string()).describe("Files with what the model printed."),
});
