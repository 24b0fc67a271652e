import * as z from "zod";

import { modelName } from "../fields.ts";

/** What `add --json` prints; with `--list-templates` the templates. */
export const addOutput = z.union([
  z.object({
    name: z.string().describe("Name for people."),
    model: modelName,
    path: z.string().describe("Folder of the definition, relative to the working directory."),
    files: z.array(z.string()).describe("Files of the definition, relative to its folder."),
    written: z.boolean().describe("False with --dry-run."),
  }),
  z.object({
    templates: z.array(
      z.object({
        name: z.string().describe("As --template takes it."),
        origin: z.enum(["shipped", "repository"]).describe("repository: from the project's own model_templates/."),
        language: z.string().nullable(),
        framework: z.string().nullable(),
      }),
    ),
  }),
]);
