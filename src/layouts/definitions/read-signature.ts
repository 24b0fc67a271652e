import type { JsonValue } from "../../kernel/json.ts";
import { check, type SchemaIssue } from "../../kernel/parse.ts";
import type { Signature } from "../../model/definition/signature.ts";
import { checkSignature } from "../../model/definition/signature-rules.ts";
import { signatureSchema } from "../../model/definition/signature-schema.ts";
import { MODEL_JSON, SIGNATURE_JSON } from "./definition-paths.ts";
import { readJsonObject } from "./read-json-file.ts";
import type { Reading } from "./reading.ts";

/**
 * The signature: what `signature` in `model.json` holds or names, else `signature.json`.
 * Null when there is none, or after faults were reported.
 * @param field - `signature` of `model.json`.
 */
export function readSignature(reading: Reading, field: JsonValue | undefined): Signature | null {
  if (typeof field === "object" && field !== null) return checked(reading, field, `${MODEL_JSON}#/signature`);
  const path = typeof field === "string" ? field.replace(/^\.\//, "") : SIGNATURE_JSON;
  if (reading.paths.has(path)) {
    if (path !== SIGNATURE_JSON && !reading.snapshot.texts.has(path)) return refuseName(reading, path);
    const value = readJsonObject(reading, path);
    return value === null ? null : checked(reading, value, `${path}#`);
  }
  if (typeof field === "string")
    reading.fault("FILE_NOT_FOUND", `${MODEL_JSON}#/signature`, {
      message: `The signature file "${field}" does not exist in the definition.`,
      remedy: "Correct the name, or remove the field to use signature.json.",
    });
  return null;
}

function refuseName(reading: Reading, path: string): null {
  reading.fault("FILE_NOT_FOUND", `${MODEL_JSON}#/signature`, {
    message: `"${path}" is not read as a signature.`,
    remedy: 'Give it a name with "signature" in it that ends in .json, in the definition or a folder directly below.',
  });
  return null;
}

function checked(reading: Reading, value: JsonValue, place: string): Signature | null {
  const read = signatureOf(value);
  return read.signature ?? report(reading, read.issues, place);
}

/** A signature that keeps every rule, or all that it breaks. */
export function signatureOf(
  value: JsonValue,
): { readonly signature: Signature } | { readonly signature: null; readonly issues: readonly SchemaIssue[] } {
  const { value: signature, issues } = check(signatureSchema, value);
  if (issues !== null) return { signature: null, issues };
  const contradictions = checkSignature(signature);
  if (contradictions.length > 0) return { signature: null, issues: contradictions };
  return { signature: withoutSchema(signature) };
}

/** `$schema` is for editors; it is no part of what a version records. */
function withoutSchema(signature: Signature & { $schema?: string | undefined }): Signature {
  const fields = { ...signature };
  delete fields.$schema;
  return fields;
}

function report(reading: Reading, issues: readonly SchemaIssue[], place: string): null {
  for (const { pointer, message } of issues)
    reading.fault("SIGNATURE_INVALID", place + pointer, {
      message: `The signature is wrong at ${pointer === "" ? "its top" : pointer}: ${message}.`,
      remedy: "Correct the signature at this place.",
    });
  return null;
}
