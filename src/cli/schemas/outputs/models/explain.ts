import * as z from "zod";

import { configShowOutput } from "../tool/config-show.ts";

/** What `explain --json` prints. */
export const explainOutput = z.object({
  model: z.object({
    id: z.string(),
    name: z.string(),
    storeName: z.string().describe("Name in the model store and in URLs."),
    folder: z.string().describe("Absolute path of the definition."),
  }),
  fields: z.array(
    z.object({
      name: z.string().describe("As in model.json, for example resources.training.limits.memory."),
      value: z.unknown().describe("Values that may be secrets read ***."),
      source: z.union([
        z.object({
          kind: z.literal("definition"),
          file: z.string().describe("Relative to the definition."),
          pointer: z.string().nullable().describe("JSON pointer in the file; null for the file as a whole."),
          line: z.number().int().nullable(),
        }),
        z.object({ kind: z.literal("project"), pointer: z.string().describe("JSON pointer in modelwright.json.") }),
        z.object({ kind: z.literal("default"), reason: z.string() }),
      ]),
    }),
  ),
  settings: configShowOutput.shape.settings.describe("Settings of the tool that runs of the model depend on."),
});
