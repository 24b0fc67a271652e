import * as z from "zod";

const refused = z.record(z.string(), z.array(z.string())).describe("Column → what was wrong with the row.");

const answer = z.union([z.object({ prediction: z.json() }), z.object({ refused })]);

/** Rows that were compared, and those that differ. */
export const answersComparison = {
  rows: z.object({
    total: z.number().int().nonnegative(),
    compared: z.number().int().nonnegative().describe("Rows that both answered."),
    refused: z.number().int().nonnegative().describe("Rows that both refused."),
    different: z.number().int().nonnegative(),
  }),
  differences: z
    .array(
      z.object({
        set: z.string().describe("Which rows: the examples, the test set, or the file."),
        row: z.number().int().nonnegative().describe("Index in the set, from 0."),
        expected: answer,
        actual: answer,
      }),
    )
    .describe("The first thousand rows that differ."),
};

const side = z.object({
  label: z.string().describe("As messages name it."),
  kind: z.enum(["version", "run", "definition"]),
});

/** What `compare --json` prints. */
export const compareOutput = z.object({
  equal: z.boolean().describe("False ends the command with exit code 8."),
  reference: side,
  candidate: side,
  tolerance: z.number().describe("Relative difference that numbers may have; labels must be equal."),
  sets: z.array(z.string()),
  ...answersComparison,
});
