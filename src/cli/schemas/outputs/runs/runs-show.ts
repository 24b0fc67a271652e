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
  environment: environment.nullable(),
  seeds: anyObject,
  threads: anyObject,
  machine: anyObject,
  peakMemoryBytes: z.number().nonnegative().nullable(),
  metrics: metrics.describe("Metrics that the model wrote, as it gave them."),
  platformMetrics: z.record(z.string(), z.number()).describe("Metrics that the platform computed."),
  artifacts: z.array(z.object({ name: z.string(), folder: z.enum(["models", "artifacts/output"]), sizeBytes, sha256 })),
  failure: failure.nullable(),
  source,
});

/** What `runs show --json` prints. */
export const runsShowOutput = z.object({
  run: record.describe("The record, without the lock of its environment."),
  folder: z.string().describe("Folder of the run."),
  logs: z.array(z.string()).describe("Files with what the model printed."),
});
