import { ERROR_CODES, type ErrorCode, type ErrorKind } from "./error-codes.ts";
import type { JsonObject } from "./json.ts";

export interface FailureFields {
  /** What was wrong and where: file, JSON pointer, row. One or more full sentences. */
  readonly message: string;
  /** What the reader can do about it. */
  readonly hint?: string | undefined;
  /** Machine-readable fields, printed with `--json`. Never secrets. */
  readonly details?: JsonObject | undefined;
  readonly cause?: unknown;
}

/** The one error class of the tool: every expected fault is thrown as a `Failure`. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly hint: string | null;
  readonly details: JsonObject;

  constructor(code: ErrorCode, fields: FailureFields) {
    super(fields.message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.code = code;
    this.kind = ERROR_CODES[code].kind;
    this.hint = fields.hint ?? null;
    this.details = fields.details ?? {};
  }
}

/** The same failure with what the reader can do, where it does not say so itself. */
export function hinted(error: unknown, hint: string): unknown {
  if (!(error instanceof Failure) || error.hint !== null) return error;
  const { code, message, details } = error;
  return new Failure(code, { message, hint, details, cause: error });
}

/** True when `error` is a system error with one of these codes, for example `ENOENT`. */
export function hasSystemCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string" && codes.includes(error.code);
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
