import * as z from "zod";

import { contentDigest, manifestDigest, modelName, notes, proofLevel, versionLabel } from "../fields.ts";

/** A version that was published, or that was found published already. */
export const publication = z.object({
  model: modelName,
  version: versionLabel,
  digest: manifestDigest,
  contentDigest,
  created: z.boolean().describe("False: exactly this was published before, and nothing was written."),
  proof: proofLevel,
  metrics: z.record(z.string(), z.number()).describe("Metrics that the version repeats when it is loaded."),
  recordedRows: z.number().int().nonnegative().describe("Rows whose answers were recorded as proof."),
  batchable: z
    .boolean()
    .describe("False: rows together are answered otherwise than one by one, so never put together."),
  notes,
  warnings: z
    .array(z.string())
    .describe("What its pickles import that is not of well-known model libraries; also on standard error."),
});

/** What `publish --json` prints. */
export const publishOutput = publication.extend({
  alias: z.string().nullable().describe("The alias that --alias set, or null."),
});
