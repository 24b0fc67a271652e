import * as z from "zod";

import { runId } from "../fields.ts";
import { runStatus } from "./run-fields.ts";

const output = z.object({
  text: z.string().describe("The end of what was printed, at most 1 MiB."),
  isTruncated: z.boolean().describe("True when there is more in the file."),
});

/** What `runs log --json` prints; with `--follow` when the run has ended. */
export const runsLogOutput = z.object({ run: runId, status: runStatus, stdout: output, stderr: output });
