import * as z from "zod";

import { LANGUAGES } from "../../../../model/definition/model-definition.ts";

const fault = z.object({
  code: z.string().describe("One of docs/errors.md."),
  message: z.string(),
  where: z.string().describe("path, path:line:column or path#/json/pointer, relative to the folder that was searched."),
  remedy: z.string().describe("What to do about it."),
});

const model = z.object({
  name: z.string().describe("Name for people."),
  id: z.string().nullable().describe("Identity of the definition; null where an invalid one does not tell."),
  language: z
    .string()
    .nullable()
    .describe("As model.json says it; null where it does not.")
    .meta({ examples: [...LANGUAGES] }),
  layout: z.literal("definitions").describe("How the folder is arranged."),
  path: z.string().describe("Folder of the definition, relative to the folder that was searched."),
  valid: z.boolean(),
  faults: z.array(fault).describe("Everything that is wrong with the definition; empty for a valid one."),
  warnings: z.array(fault).describe("What is odd about a valid definition, which can be used all the same."),
});

/** What `list --json` prints. */
export const listOutput = z.object({ models: z.array(model).describe("Every definition found, in order of path.") });
