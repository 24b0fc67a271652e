import * as z from "zod";

import { manifestDigest, modelName, versionLabel } from "../fields.ts";

/** What `show --json` prints. */
export const showOutput = z.object({
  model: modelName,
  version: versionLabel,
  digest: manifestDigest.nullable(),
  aliases: z.array(z.string()).describe("Aliases that point at it."),
  metadata: z.record(z.string(), z.unknown()).describe("metadata.json: the eight classic keys."),
  manifest: z
    .record(z.string(), z.unknown())
    .nullable()
    .describe("manifest.json: files with digests, signature, environment, proof; null for a version of an older tool."),
});
