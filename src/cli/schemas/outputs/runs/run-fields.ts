import * as z from "zod";

export const runKind = z.enum(["train", "evaluate"]);
export const runStatus = z
  .enum(["running", "succeeded", "failed", "interrupted", "lost"])
  .describe("lost: the record says running, but its process is gone.");
export const startedAt = z.iso.datetime().describe("When it began, in UTC.");
export const durationMs = z.number().nonnegative().nullable().describe("Null while it runs, and for a lost run.");
export const source = z
  .object({ run: z.string().nullable(), version: z.string().nullable() })
  .nullable()
  .describe("Of an evaluation: the training run or the version that was evaluated.");
