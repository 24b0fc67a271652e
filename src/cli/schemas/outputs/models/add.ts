import * as z from "zod";

import { modelName } from "../fields.ts";

/** What `add --json` prints. */
export const addOutput = z.object({
  name: z.string().describe("Name for people."),
  model: modelName,
  path: z.string().describe("Folder of the definition, relative to the working directory."),
  files: z.array(z.string()).describe("Files of the definition, relative to its folder."),
  written: z.boolean().describe("False with --dry-run."),
});
