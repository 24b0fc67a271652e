import * as z from "zod";

import { modelName, url, versionLabel } from "../fields.ts";

/** What `test-endpoint --json` prints. */
export const testEndpointOutput = z.object({
  url,
  rowsFrom: z.string().describe("Whose rows were asked: a file, the examples of a definition, or recorded ones."),
  model: modelName,
  version: versionLabel.describe("Version that the server serves."),
  passed: z.boolean().describe("Every row was answered, and as expected within tolerance."),
  rows: z.array(
    z.object({
      row: z.number().int().nonnegative().describe("Index of the row, from 0."),
      verdict: z
        .enum(["equal", "different", "answered", "refused"])
        .describe("`answered`: nothing was expected; `refused`: the server found something wrong with the row."),
      expected: z.unknown().describe("Prediction that was recorded; null where nothing was."),
      actual: z.unknown().describe("Prediction that came; null when the row was refused."),
      errors: z.record(z.string(), z.array(z.string())).nullable().describe("Column → what is wrong with it."),
    }),
  ),
});
