import * as z from "zod";

import { LANGUAGES } from "../../../../model/definition/model-definition.ts";
import { PROOF_LEVELS } from "../../../../model/version/manifest.ts";
import {
  contentDigest,
  createdAt,
  manifestDigest,
  metrics,
  modelName,
  runId,
  sizeBytes,
  versionLabel,
} from "../fields.ts";
import { damagedAliases } from "./alias.ts";

const model = z.object({
  name: modelName,
  versionCount: z.number().int().positive(),
  newest: versionLabel.nullable(),
  aliases: z.array(z.object({ alias: z.string(), version: versionLabel.nullable() })),
  damagedAliases,
});

const version = z.object({
  version: versionLabel,
  createdAt: createdAt.nullable().describe("Null where no commit tells it."),
  aliases: z.array(z.string()).describe("Aliases that point at the version."),
  digest: manifestDigest.nullable(),
  contentDigest: contentDigest.nullable(),
  proof: z.enum([...PROOF_LEVELS, "none"]).describe("What the version repeats when it is loaded."),
  metrics,
  language: z.enum(LANGUAGES).nullable(),
  run: runId.nullable(),
  sizeBytes: sizeBytes.nullable(),
  isLegacy: z.boolean().describe("Stored by an older tool: listed, but not to be served."),
  fault: z
    .object({ code: z.string(), message: z.string() })
    .nullable()
    .describe("Why the version cannot be used, when its commit cannot be read."),
});

/** What `versions --json` prints: all models, or with a model's name its versions. */
export const versionsOutput = z.union([
  z.object({ models: z.array(model).describe("Models that have a version, in order of their names.") }),
  z.object({ model: modelName, versions: z.array(version).describe("Newest first."), damagedAliases }),
]);
