import * as z from "zod";

import type { JsonObject } from "../../kernel/json.ts";
import { LANGUAGES } from "../../model/definition/model-definition.ts";
import { PROOF_LEVELS, type CommitRecord } from "../../model/version/manifest.ts";

export const digestSchema = z.string().regex(/^[0-9a-f]{64}$/, "must be a sha256 in lower-case hexadecimal");
export const timeSchema = z.iso.datetime();
// Records come out of JSON.parse, so whatever is there is JSON; walking through it again would only cost time.
export const jsonObjectSchema = z.custom<JsonObject>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "must be an object",
);

/** `claims/<version>`: who has the label. */
export const claimSchema = z.object({
  publisher: z.string(),
  nonce: z.string(),
  manifestDigest: digestSchema,
  createdAt: timeSchema,
});
export type ClaimRecord = z.infer<typeof claimSchema>;

/** `commits/<version>.json`: the version exists. */
export const commitSchema: z.ZodType<CommitRecord> = z.object({
  manifestDigest: digestSchema,
  contentDigest: digestSchema,
  createdAt: timeSchema,
  nonce: z.string(),
  proofLevel: z.enum(PROOF_LEVELS),
  language: z.enum(LANGUAGES),
  definitionId: z.string().nullable(),
  runId: z.string().nullable(),
  metrics: jsonObjectSchema,
  sizeBytes: z.number().int().nonnegative(),
});

/** `aliases/<alias>/<number>.json`: where the alias pointed from then on; null when it was removed. */
export const aliasSchema = z.object({
  version: z.string().nullable(),
  createdAt: timeSchema,
  publisher: z.string(),
  nonce: z.string(),
});
export type AliasRecord = z.infer<typeof aliasSchema>;

/** `owner.json`: the definition that the model's name belongs to. */
export const ownerSchema = z.object({ definitionId: z.string(), createdAt: timeSchema, publisher: z.string() });
