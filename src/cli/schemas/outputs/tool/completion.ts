import * as z from "zod";

/** What `completion --json` prints. */
export const completionOutput = z.object({
  shell: z.string().nullable(),
  script: z.string().nullable().describe("What the shell reads; null where words were asked for."),
  words: z
    .array(z.object({ word: z.string(), description: z.string() }))
    .nullable()
    .describe("What may be typed next; null where a script was asked for."),
});
