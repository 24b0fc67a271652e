import * as z from "zod";

const count = z.number().int().nonnegative();

/** What `doctor --json` prints. */
export const doctorOutput = z.object({
  findings: z.array(
    z.object({
      check: z.string().describe("What was looked at."),
      status: z.enum(["ok", "warning", "failed"]),
      message: z.string(),
      remedy: z.string().nullable().describe("What to do; null where all is well."),
    }),
  ),
  collected: z
    .object({
      abandoned: count.describe("Unfinished publications that were given up."),
      files: count.describe("Files of theirs that were removed from the store."),
      folders: count.describe("Work folders of killed processes that were removed."),
      logs: count.describe("Files that held what models printed more than 30 days ago."),
      unreadable: z.array(z.string()).describe("Damaged claims in the store, which are left alone."),
    })
    .nullable()
    .describe("What --collect cleaned up; null without it."),
});
