import * as z from "zod";

import { notes, runId } from "../fields.ts";
import { answersComparison } from "./compare.ts";
import { topics } from "./topics.ts";

/** What `reproduce --json` prints. */
export const reproduceOutput = z.object({
  reproduced: z.boolean().describe("False ends the command with exit code 8."),
  run: runId.describe("The run that was repeated."),
  repeatedBy: runId.describe("The new run."),
  tolerance: z
    .object({ relative: z.number(), absolute: z.number(), labels: z.number() })
    .nullable()
    .describe("What answers were compared with; null where there were no rows to ask."),
  answers: z
    .object(answersComparison)
    .nullable()
    .describe("Null where there were no rows to ask: then the artifacts' bytes decide."),
  differences: topics,
  notes,
});
