import { constants } from "node:fs";
import { open } from "node:fs/promises";
import * as z from "zod";

import { check, parseJson } from "../kernel/parse.ts";
import { hasSystemCode, messageOf } from "../kernel/failure.ts";
import { PROTOCOL, type JobResult } from "../model/ports/job.ts";
import { ModelErrorSchema } from "../model/run/model-error-schema.ts";

/** A traceback is a few KiB. Whoever writes more than this has not written a result. */
const MAX_RESULT_BYTES = 16 * 1024 * 1024;

const EXIT_CODES = { succeeded: 0, failed: 1 } as const satisfies Record<JobResult["status"], number>;

const JobResultSchema: z.ZodType<JobResult> = z.object({
  protocol: z.literal(PROTOCOL),
  status: z.enum(["succeeded", "failed"]),
  error: ModelErrorSchema.nullable(),
  peakMemoryBytes: z.number().nonnegative().nullable(),
  seeds: z.record(z.string(), z.number()).optional(),
  threads: z.record(z.string(), z.number()).optional(),
});

export interface ReadResult {
  readonly result: JobResult | null;
  /** Why there is no result although the process left one, for the log. */
  readonly distrust: string | null;
}

/**
 * Reads `result.json` if it can be trusted: valid, and saying the same as the exit code. A process that wrote "succeeded"
 * and then crashed, in an exit handler or while a library was torn down, has crashed.
 */
export async function readResult(file: string, exitCode: number | null): Promise<ReadResult> {
  try {
    const text = await readRegularFile(file);
    if (text === null) return { result: null, distrust: null };
    const { value, issues } = check(JobResultSchema, parseJson(text, file));
    if (issues !== null) return distrusted(issues.map((issue) => `${issue.pointer}: ${issue.message}`).join("; "));
    if (EXIT_CODES[value.status] === exitCode) return { result: value, distrust: null };
    return distrusted(`it says ${value.status}, but the exit code is ${exitCode ?? "missing"}`);
  } catch (error) {
    return distrusted(messageOf(error));
  }
}

function distrusted(distrust: string): ReadResult {
  return { result: null, distrust };
}

/** Null when the file does not exist. */
async function readRegularFile(path: string): Promise<string | null> {
  // Not blocking: a model could have put a pipe there.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    if (hasSystemCode(error, "ENOENT")) return null;
    throw error;
  });
  if (file === null) return null;
  try {
    const stat = await file.stat();
    if (!stat.isFile() || stat.size > MAX_RESULT_BYTES) throw new Error("it is not a file of reasonable size");
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}
