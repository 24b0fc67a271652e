import * as z from "zod";

import { manifestDigest, metrics, modelName, proofLevel, runId, url, versionLabel } from "../fields.ts";
import { predictOutput } from "../serving/predict.ts";

/** What `demo --json` prints when it has stopped. */
export const demoOutput = z.object({
  project: z.string().describe("Absolute folder of the project that was made."),
  models: z
    .array(
      z.object({
        name: modelName,
        version: versionLabel,
        digest: manifestDigest,
        proof: proofLevel,
        run: runId,
        metrics,
      }),
    )
    .describe("The models that were published; without a usable Python the TypeScript model alone."),
  url: url.describe("Where the server was."),
  answers: z
    .record(z.string(), z.object({ one: predictOutput, batch: predictOutput }))
    .describe("For each model the answer to one good row, and to three rows of which the second is bad."),
});
