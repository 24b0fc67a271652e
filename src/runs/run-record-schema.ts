import * as z from "zod";

import { LANGUAGES } from "../model/definition/model-definition.ts";
import type { RunRecord } from "../model/run/run-record.ts";

const jsonObject = z.record(z.string(), z.json());
const isoTime = z.iso.datetime();
const text = z.string();
const count = z.number().nonnegative();

const gitState = z.object({
  commit: text.nullable(),
  describe: text.nullable(),
  branch: text.nullable(),
  isDirty: z.boolean(),
});

const frame = z.object({
  file: text,
  line: z.number().nullable(),
  function: text.nullable(),
  source: text.nullable(),
  isUser: z.boolean(),
});

const failure = z.object({
  code: text,
  message: text,
  hint: text.nullable(),
  error: z.object({ type: text, message: text, frames: z.array(frame) }).nullable(),
});

const environment = z.object({
  digest: text,
  interpreter: text,
  lock: text.nullable(),
  packages: z.array(text),
  unmet: z.array(text),
});

const artifact = z.object({
  name: text,
  folder: z.enum(["models", "artifacts/output"]),
  sizeBytes: count,
  sha256: text.regex(/^[0-9a-f]{64}$/),
});

const leftOutFile = z.object({
  path: text,
  reason: z.enum(["secret", "large", "lfs", "submodule", "ignored", "unreadable", "limit"]),
  sizeBytes: count.nullable(),
});

const code = z.object({
  kind: z.enum(["commit", "snapshot", "files"]),
  root: text,
  definition: text,
  project: text,
  commit: text.nullable(),
  base: text.nullable(),
  stored: text.nullable(),
  changed: z.array(text),
  leftOut: z.array(leftOutFile),
  leftOutCount: count,
});

const query = z.object({ pointer: text, sql: text, file: text.nullable(), asOf: text.nullable() });

/** `run.json`, format 1. Fields that a newer version of the tool may have added are dropped. */
export const runRecordSchema: z.ZodType<RunRecord> = z.object({
  schemaVersion: z.literal(1),
  id: text,
  kind: z.enum(["train", "evaluate"]),
  model: text,
  definition: z.object({ id: text, name: text, language: z.enum(LANGUAGES), folder: text, digest: text }),
  // "lost" is what a reader finds out; written, it would outlive the finding.
  status: z.enum(["running", "succeeded", "failed", "interrupted"]),
  process: z.object({ pid: z.number().int(), host: text, startedAt: text }),
  startedAt: isoTime,
  heartbeatAt: isoTime,
  endedAt: isoTime.nullable(),
  durationMs: count.nullable(),
  git: gitState.nullable(),
  parameters: jsonObject,
  dataConfiguration: jsonObject,
  dataDigests: z.record(text, text),
  dataRows: z.record(text, z.object({ rowCount: count, digest: text })).optional(),
  dataQueries: z.array(query).optional(),
  code: code.nullable().optional(),
  reproduces: text.optional(),
  environment: environment.nullable(),
  seeds: jsonObject,
  threads: jsonObject,
  machine: jsonObject,
  peakMemoryBytes: count.nullable(),
  metrics: jsonObject,
  platformMetrics: z.record(text, z.number()),
  artifacts: z.array(artifact),
  configurations: z.array(z.object({ source: text, name: text, digest: text })).optional(),
  besideCode: z.array(text).optional(),
  changedInProject: z.array(text).optional(),
  failure: failure.nullable(),
  source: z.object({ run: text.nullable(), version: text.nullable() }).nullable(),
});
