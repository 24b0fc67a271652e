import * as z from "zod";

import type { ModelError, TraceFrame } from "./run-record.ts";

const TraceFrameSchema: z.ZodType<TraceFrame> = z.object({
  file: z.string(),
  line: z.number().nullable(),
  function: z.string().nullable(),
  source: z.string().nullable(),
  isUser: z.boolean(),
});

/** A `ModelError` as the foreign halves write it, in `result.json` and in frames. */
export const ModelErrorSchema: z.ZodType<ModelError> = z.object({
  type: z.string(),
  message: z.string(),
  code: z.string().optional(),
  frames: z.array(TraceFrameSchema),
});
