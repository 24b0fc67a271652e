import * as z from "zod";

import type { JsonValue } from "../../kernel/json.ts";
import { check } from "../../kernel/parse.ts";
import { LANGUAGES } from "../../model/definition/model-definition.ts";
import { signatureSchema } from "../../model/definition/signature-schema.ts";
import { MANIFEST_SCHEMA_VERSION, PROOF_LEVELS, type Manifest } from "../../model/version/manifest.ts";
import { digestSchema, jsonObjectSchema, timeSchema } from "./records.ts";
import { parseObject, requireKnownFormat } from "./sealed-record.ts";
import { storeCorrupt } from "./store-corrupt.ts";
import { findPathConflict, parseVersionPath } from "./version-path.ts";

const jsonSchema = z.custom<JsonValue>((value) => value !== undefined, "is missing");
const stringsSchema = z.record(z.string(), z.string());

const fileSchema = z.object({
  path: z.string(),
  role: z.enum(["metadata", "artifact", "code", "definition", "trainingSet", "testSet", "transformer", "other"]),
  target: z.string().nullable(),
  only: z.enum(["models", "artifacts/input"]).optional(),
  sizeBytes: z.number().int().nonnegative(),
  sha256: digestSchema,
  mediaType: z.string(),
});

const servingSchema = z.object({
  language: z.enum(LANGUAGES),
  layout: z.enum(["definitions"]),
  predictForm: z.enum(["rows", "row"]).nullable(),
  inputForm: z.enum(["array", "list", "frame", "records"]).nullable(),
  batchable: z.boolean(),
  config: jsonObjectSchema,
  variables: z.object({ pass: z.array(z.string()), set: stringsSchema }),
  memoryLimitBytes: z.number().int().positive().optional(),
  identifiers: z.object({ modelId: z.string(), modelVersion: z.string(), modelTable: z.string() }),
});

const environmentSchema = z.object({
  digest: z.string(),
  architecture: z.string(),
  interpreter: z.string(),
  lock: z.string().nullable(),
  packages: z.array(z.string()),
});

const gitSchema = z.object({
  commit: z.string().nullable(),
  describe: z.string().nullable(),
  branch: z.string().nullable(),
  isDirty: z.boolean(),
});

const querySchema = z.object({
  pointer: z.string(),
  sql: z.string(),
  file: z.string().nullable(),
  asOf: z.string().nullable(),
});

const proofSchema = z.object({
  level: z.enum(PROOF_LEVELS),
  recorded: z
    .object({
      rows: z.array(jsonSchema),
      names: z.array(z.string()).optional(),
      predictions: z.array(jsonSchema),
    })
    .nullable(),
  metrics: z.array(
    z.object({
      name: z.string(),
      value: z.number(),
      direction: z.enum(["higher", "lower"]),
      dataSet: z.string(),
      tolerance: z.number(),
    }),
  ),
  evaluation: z.object({ target: z.string(), positive: jsonSchema }).nullable(),
  tolerance: z.object({ relative: z.number(), absolute: z.number(), labels: z.number() }).nullable(),
});

/** `manifest.json`, format 1. Fields that a later tool adds without a new number are passed over. */
export const manifestSchema: z.ZodType<Manifest> = z.object({
  schemaVersion: z.literal(MANIFEST_SCHEMA_VERSION),
  model: z.string(),
  version: z.string(),
  createdAt: timeSchema,
  toolVersion: z.string(),
  definition: z.object({ id: z.string(), name: z.string(), description: z.string().nullable() }).nullable(),
  framework: z.string().nullable(),
  files: z.array(fileSchema),
  signature: signatureSchema.nullable(),
  serving: servingSchema,
  environment: environmentSchema,
  run: z
    .object({ id: z.string(), git: gitSchema.nullable(), seeds: jsonObjectSchema, threads: jsonObjectSchema })
    .nullable(),
  parameters: jsonObjectSchema,
  dataDigests: stringsSchema,
  dataRows: z.record(z.string(), z.object({ rowCount: z.number(), digest: z.string() })).optional(),
  dataQueries: z.array(querySchema).optional(),
  modelMetrics: jsonObjectSchema,
  proof: proofSchema,
  contentDigest: digestSchema,
});

/**
 * Reads a manifest whose digest has been checked.
 * @param key - of the object, for messages.
 * @throws Failure `FORMAT_TOO_NEW`, `STORE_CORRUPT`, and `PATH_ESCAPES_ROOT` when a file leads out of the version.
 */
export function parseManifest(bytes: Uint8Array, key: string): Manifest {
  const fields = parseObject(bytes, key);
  requireKnownFormat(fields["schemaVersion"], MANIFEST_SCHEMA_VERSION, key);
  const checked = check(manifestSchema, fields);
  if (checked.issues !== null) {
    const issues = checked.issues.map(({ pointer, message }) => `${pointer}: ${message}`);
    throw storeCorrupt(key, `it is not a manifest (${issues.join("; ")})`);
  }
  for (const { path, target } of checked.value.files) {
    parseVersionPath(path, key);
    if (target !== null) parseVersionPath(target, key);
  }
  const conflict = findPathConflict(checked.value.files.map(({ path }) => path));
  if (conflict !== null) throw storeCorrupt(key, `it lists ${conflict} twice`);
  return checked.value;
}
