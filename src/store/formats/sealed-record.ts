import type { ZodType } from "zod";

import { sha256 } from "../../kernel/digest.ts";
import { Failure } from "../../kernel/failure.ts";
import { canonicalJson, isJsonObject, type JsonObject } from "../../kernel/json.ts";
import { check } from "../../kernel/parse.ts";
import { storeCorrupt } from "./store-corrupt.ts";

/** Number of the format of claims, commits, alias entries and owners that this version writes. */
const RECORD_SCHEMA_VERSION = 1;

/**
 * A small JSON record with its own digest: nothing else in the store vouches for it, and one flipped bit in it could
 * point to another version. `digest` is the sha256 of the canonical JSON of all other fields.
 */
export function sealRecord(fields: JsonObject): Buffer {
  const versioned = { schemaVersion: RECORD_SCHEMA_VERSION, ...fields };
  return Buffer.from(`${JSON.stringify({ ...versioned, digest: sha256(canonicalJson(versioned)) })}\n`);
}

/**
 * Reads a sealed record.
 * @throws Failure `STORE_CORRUPT`, `FORMAT_TOO_NEW`, naming `key`.
 */
export function openRecord<T>(schema: ZodType<T>, bytes: Uint8Array, key: string): T {
  const { digest, ...fields } = parseObject(bytes, key);
  if (digest !== sha256(canonicalJson(fields))) throw storeCorrupt(key, "it does not have the digest that it names");
  requireKnownFormat(fields["schemaVersion"], RECORD_SCHEMA_VERSION, key);
  const checked = check(schema, fields);
  if (checked.issues === null) return checked.value;
  const issues = checked.issues.map(({ pointer, message }) => `${pointer}: ${message}`);
  throw storeCorrupt(key, `it is not a record of its kind (${issues.join("; ")})`);
}

/** @throws Failure `STORE_CORRUPT` when the bytes are no JSON object. */
export function parseObject(bytes: Uint8Array, key: string): JsonObject {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString());
    if (isJsonObject(value)) return value;
  } catch (cause) {
    throw storeCorrupt(key, "it is not JSON", cause);
  }
  throw storeCorrupt(key, "it is not a JSON object");
}

/** @throws Failure `FORMAT_TOO_NEW` when `found` is a number above `known`. */
export function requireKnownFormat(found: unknown, known: number, key: string): void {
  if (typeof found !== "number" || found <= known) return;
  throw new Failure("FORMAT_TOO_NEW", {
    message: `The stored file ${key} has format ${found}; this version of the tool reads formats up to ${known}.`,
    hint: "Update modelwright: npm install modelwright@latest.",
    details: { key, found, known },
  });
}
