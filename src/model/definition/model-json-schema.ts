import * as z from "zod";

import { canHoldProcess, parseMemorySize } from "./memory-size.ts";
import { LANGUAGES } from "./model-definition.ts";

// Old files write null for what they leave out, so every field may be null.
const label = z
  .string()
  .min(1)
  .max(200)
  .regex(/^\P{Cc}*$/u, "must not hold control characters")
  .nullish();
const text = z.string().nullish();
const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "is not the name of an environment variable");
const variableValue = z
  .union([z.string(), z.number(), z.boolean()], { error: "must be text, a number or a boolean" })
  .refine((value) => !String(value).includes("\0"), "must not hold a NUL character");
const memory = z
  .union([z.string(), z.number()], { error: 'must be a size such as "512Mi"' })
  .refine((value) => parseMemorySize(value) !== null, {
    error: 'must be a size such as "512Mi", "1Gi" or a number of bytes',
    abort: true,
  });
// Limits of training do not bind a local run, so however small they are, old definitions keep them.
const workerMemory = memory
  .refine((value) => canHoldProcess(parseMemorySize(value)), "must be at least 16Mi; a bare number counts bytes")
  .nullish()
  .describe("Memory of each worker, at least 16Mi.");

const resources = z.looseObject({
  training: z
    .looseObject({
      limits: z.looseObject({ cpu: z.union([z.string(), z.number()]).nullish(), memory: memory.nullish() }).nullish(),
      master: text.describe("Address of the Spark master."),
      args: text.describe("Arguments for spark-submit."),
    })
    .nullish(),
  serving: z
    .looseObject({ limits: z.looseObject({ memory: workerMemory }).nullish() })
    .nullish()
    .describe("What each worker may use that answers predictions."),
});

const evaluation = z.strictObject({
  data: z.string().min(1).describe("Labelled rows (CSV, JSON, JSON Lines), relative to the definition or the project."),
  target: z.string().min(1).describe("Column that holds the true value."),
  positive: z
    .union([z.string(), z.number(), z.boolean()], { error: "must be a class label" })
    .optional()
    .describe("For two classes: the label that counts as positive."),
});

const variables = z.strictObject({
  pass: z.array(variableName).nullish().describe("Names of variables that are handed on from the tool's environment."),
  set: z.record(variableName, variableValue).nullish().describe("Variables with fixed values."),
});

const tolerance = z.strictObject({
  relative: z.number().nonnegative().describe("Relative difference of floats that is still equal."),
  absolute: z.number().nonnegative().optional().describe("Absolute difference that is still equal. Default 0."),
  labels: z.number().min(0).max(1).optional().describe("Share of labels that may differ. Default 0."),
});

function staysInside(path: string): boolean {
  return !path.startsWith("/") && !path.split(/[/\\]/).includes("..");
}

/** `model.json` (CONTRACTS §1.2, §1.13). Unknown fields are allowed and kept. */
export const modelJsonSchema = z.looseObject({
  $schema: z.string().optional(),
  id: z
    .union([label, z.number().int().nonnegative()], {
      error: "must be a whole number, or text of 1 to 200 characters without control characters",
    })
    .describe("Identity of the model: a uuid, another name or a whole number. Default: the name."),
  name: label.describe("Name for people. Default: the folder's name."),
  description: text.describe("What the model predicts."),
  language: text.describe("Language that the model is written in.").meta({ examples: [...LANGUAGES] }),
  launcher: text.describe('"pyspark" for Python that runs through spark-submit.'),
  supportedFrameworks: z.array(z.string()).nullish(),
  automation: z.looseObject({}).nullish(),
  resources: resources.nullish().describe("What a training run, and a worker that serves, may use."),
  docker: z.looseObject({ trainerImage: text }).nullish(),
  framework: text.describe("Library that the model is made with, for example scikit-learn."),
  owner: text.describe("Who answers for the model."),
  model: z
    .string()
    .min(1)
    .refine(staysInside, "must stay inside models/")
    .nullish()
    .describe("File name of the main artifact. Default: the only one, else the largest."),
  entry: text.describe("Kept for other tools; the code is found in model_modules."),
  env: variables.nullish().describe("Environment variables that the model is given."),
  evaluation: evaluation.nullish().describe("Labelled data that the platform evaluates the model on."),
  tolerance: z
    .union([z.number().nonnegative(), tolerance], {
      error: "must be a number or an object with relative, absolute and labels",
    })
    .nullish()
    .describe("How far two answers of the model may lie apart; a number is the relative difference of floats."),
  predict: z.enum(["rows", "row"]).nullish().describe("Whether ModelScorer.predict takes many rows or one."),
  input: z
    .enum(["array", "list", "frame", "records"])
    .nullish()
    .describe("What ModelScorer.predict is given: a NumPy array, lists, a pandas DataFrame or dictionaries."),
  signature: z
    .union([z.string().min(1), z.looseObject({})], { error: "must be a signature or the name of a file with one" })
    .nullish()
    .describe("Columns in and out, or the name of the file that holds them. Default: signature.json."),
});

export type ModelJson = z.infer<typeof modelJsonSchema>;
