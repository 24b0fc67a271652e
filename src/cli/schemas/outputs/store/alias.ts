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
});
