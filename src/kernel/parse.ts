import type { ZodType } from "zod";

import { Failure } from "./failure.ts";
import type { ErrorCode } from "./error-codes.ts";

/** One place where a value does not fit its schema. */
export interface SchemaIssue {
  /** JSON pointer (RFC 6901) to the value; the empty string is the whole document. */
  readonly pointer: string;
  readonly message: string;
}

/** Joins path parts to a JSON pointer (RFC 6901). */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** All the places where `value` does not fit `schema`, or the parsed value. */
export function check<T>(
  schema: ZodType<T>,
  value: unknown,
): { readonly value: T; readonly issues: null } | { readonly value: null; readonly issues: readonly SchemaIssue[] } {
  const result = schema.safeParse(value);
  if (result.success) return { value: result.data, issues: null };
  const issues = result.error.issues.map((issue) => ({ pointer: jsonPointer(issue.path), message: issue.message }));
  return { value: null, issues };
}

/**
 * Returns `value` as the schema's type.
 * @param where - what is parsed, as a reader would name it: a path, "request body".
 * @throws Failure `SCHEMA_MISMATCH` naming every issue with its JSON pointer.
 */
export function parse<T>(schema: ZodType<T>, value: unknown, where: string): T {
  const checked = check(schema, value);
  if (checked.issues === null) return checked.value;
  throw schemaFailure("SCHEMA_MISMATCH", where, checked.issues);
}

/** Tells all issues at once. */
export function schemaFailure(code: ErrorCode, where: string, issues: readonly SchemaIssue[]): Failure {
  const lines = issues.map((issue) => `${issue.pointer || "(whole document)"}: ${issue.message}`);
  return new Failure(code, {
    message: `${where} is not valid. ${lines.join("; ")}`,
    details: { where, issues: issues.map((issue) => ({ ...issue })) },
  });
}

/**
 * Parses JSON text.
 * @throws Failure `JSON_MALFORMED` naming `where`.
 */
export function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new Failure("JSON_MALFORMED", {
      message: `${where} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    });
  }
}
