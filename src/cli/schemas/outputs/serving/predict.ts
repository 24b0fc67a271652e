import * as z from "zod";

/** The body of a prediction: what `predict --json` prints and what the server answers. */
export const predictOutput = z.object({
  predictions: z.array(z.unknown()).describe("Whatever the model answers, one for each good row."),
  rows: z.array(z.number().int().nonnegative()).describe("rows[i] is the input index of predictions[i]."),
  version: z.string().describe("Version that answered; of an unpublished model the id of its run."),
  errors: z
    .record(z.string().regex(/^\d+$/), z.record(z.string(), z.array(z.string())))
    .nullable()
    .describe(
      "Input index → column → what is wrong; the empty column name is the row as a whole. Null: every row was good.",
    ),
});
