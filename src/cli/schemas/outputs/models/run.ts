import * as z from "zod";

import { metrics, modelName, notes, runId, sha256, sizeBytes } from "../fields.ts";
import { publication } from "../store/publish.ts";

const artifact = z.object({
  name: z.string().describe("Path of the file below its folder."),
  folder: z.enum(["models", "artifacts/output"]),
  sizeBytes,
  sha256,
});

const environment = z.object({
  digest: sha256.describe("Digest of the environment: equal for the same packages and interpreter."),
  interpreter: z.string().describe("Interpreter and version, for example CPython 3.11.7."),
  unmet: z
    .array(z.string())
    .describe("What the environment does not meet: packages of one that is used as it is, and the version of Python."),
});

const git = z.object({
  commit: z.string().nullable(),
  describe: z.string().nullable().describe("git describe --always --dirty."),
  branch: z.string().nullable(),
  isDirty: z.boolean(),
});

const run = z
  .object({
    id: runId,
    kind: z.enum(["train", "evaluate"]),
    model: modelName,
    status: z.enum(["running", "succeeded", "failed", "interrupted", "lost"]),
    durationMs: z.number().nonnegative().nullable(),
    metrics: metrics.describe("The model's own metrics and those that the platform computed, which win."),
    modelMetrics: metrics.describe("Metrics that the model wrote, as it gave them."),
    platformMetrics: z.record(z.string(), z.number()).describe("Metrics that the platform computed."),
    artifacts: z.array(artifact).describe("Files that the run made."),
    environment: environment.nullable(),
    git: git.nullable().describe("State of the repository when the run began; null outside of one."),
  })
  .describe("One training or evaluation. A run that fails is told as an error, on standard error.");

/** What `train --json` prints; with `--dry-run` the plan alone. */
export const trainOutput = z.union([
  z.object({
    run,
    version: publication.nullable().describe("With --publish the version that was made, else null."),
    notes,
  }),
  z.object({
    plan: z
      .record(z.string(), z.unknown())
      .describe("With --dry-run: everything that is decided before anything runs."),
  }),
]);

/** What `evaluate --json` prints. */
export const evaluateOutput = z.object({ run, notes });
