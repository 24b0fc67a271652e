import * as z from "zod";

import { COLUMN_TYPES, type Signature } from "./signature.ts";

const label = z.union([z.string(), z.number(), z.boolean()], { error: "must be text, a number or a boolean" });
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()], {
  error: "must be text, a number, a boolean or null",
});
// Rows travel as plain objects in three languages, and this name means something else in one of them.
const columnName = z
  .string()
  .min(1)
  .refine((name) => name !== "__proto__", "is a name that no column may have");

const columnSchema = z.strictObject({
  name: columnName,
  aliases: z.array(columnName).optional().describe("Other names under which the value may come."),
  type: z.enum(COLUMN_TYPES).describe("float takes integers too, and the strings NaN, Infinity and -Infinity."),
  optional: z.boolean().optional().describe("The key may be absent."),
  nullable: z.boolean().optional().describe("The value may be null."),
  default: scalar.optional().describe("The value of an absent key."),
  min: z.number().optional(),
  max: z.number().optional(),
  categories: z.array(label).min(1).optional().describe("All values that the column may have."),
  onUnknown: z
    .enum(["error", "null", "pass"])
    .optional()
    .describe("What a value outside categories means: an error (the default), null, or let through."),
  unit: z.string().optional(),
  source: z
    .strictObject({
      system: z.string().optional(),
      table: z.string().optional(),
      column: z.string().optional(),
      query: z.string().optional(),
    })
    .optional()
    .describe("Where the values come from."),
  description: z.string().optional(),
  availableAt: z.string().optional().describe("When the value is known, relative to the moment of prediction."),
});

const outputSchema = z.strictObject({
  name: columnName,
  kind: z.enum(["label", "probability", "value"]),
  classes: z
    .array(label)
    .min(1)
    .optional()
    .describe("The class labels; for a probability, the classes in the order of the numbers."),
});

/** `signature.json`. What a schema cannot say is in `checkSignature`. */
export const signatureSchema = z.strictObject({
  $schema: z.string().optional(),
  columns: z.array(columnSchema).min(1).describe("Input columns, in the order in which the model takes them."),
  outputs: z.array(outputSchema).describe("What a prediction consists of."),
  onExtra: z
    .enum(["ignore", "error"])
    .optional()
    .describe("What an undeclared key in a row means: ignored with a warning (the default), or an error."),
  examples: z.array(z.record(z.string(), scalar)).optional().describe("Rows to show, and to prove the model with."),
}) satisfies z.ZodType<Signature>;
