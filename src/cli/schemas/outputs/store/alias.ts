import * as z from "zod";

import { createdAt, modelName, versionLabel } from "../fields.ts";

/** What `alias set --json` prints. */
export const aliasSetOutput = z.object({
  model: modelName,
  alias: z.string(),
  version: versionLabel.describe("Where the alias points now."),
  previous: versionLabel.nullable().describe("Where it pointed before."),
  changed: z.boolean().describe("False: it pointed there already, and nothing was written."),
});

/** Aliases that something is wrong with. */
export const damagedAliases = z
  .array(z.object({ alias: z.string(), code: z.string(), message: z.string() }))
  .describe("Aliases whose latest move cannot be read, so that nobody knows where they point.");

/** What `alias list --json` prints. */
export const aliasListOutput = z.object({
  model: modelName,
  aliases: z.array(
    z.object({
      alias: z.string(),
      version: versionLabel.nullable(),
      createdAt,
      publisher: z.string().describe("Host and process that set it."),
    }),
  ),
  damaged: damagedAliases,
});

/** What `alias rollback --json` prints. */
export const aliasRollbackOutput = z.object({
  model: modelName,
  alias: z.string(),
  version: versionLabel.describe("Where the alias points now."),
  previous: versionLabel.nullable().describe("Where it pointed before; null when it had been removed."),
  changed: z.boolean().describe("False: it pointed there already, and nothing was written."),
});

/** What `alias remove --json` prints. */
export const aliasRemoveOutput = z.object({
  model: modelName,
  alias: z.string(),
  previous: versionLabel.nullable().describe("Where it pointed before."),
});

/** What `alias history --json` prints. */
export const aliasHistoryOutput = z.object({
  model: modelName,
  alias: z.string(),
  history: z
    .array(
      z.object({
        number: z.number().int().positive().describe("Counts the moves from 1."),
        version: versionLabel
          .nullable()
          .describe("Where it pointed from then on; null when it was removed or the record cannot be read."),
        createdAt: createdAt.nullable().describe("Null when the record cannot be read."),
        publisher: z.string().nullable().describe("User, host and process that moved it."),
        state: z
          .enum(["present", "missing", "damaged", "removed", "unreadable"])
          .describe(
            "Of the version; `removed`: the alias was removed; `unreadable`: the record of the move is damaged.",
          ),
        fault: z.string().nullable().describe("What is wrong, in a sentence."),
      }),
    )
    .describe("The latest move first."),
});
