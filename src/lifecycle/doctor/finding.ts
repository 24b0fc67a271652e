import type { ErrorKind } from "../../kernel/error-codes.ts";
import { Failure, messageOf } from "../../kernel/failure.ts";

/** What one check found. Every finding that is not well has a remedy. */
export interface Finding {
  readonly check: string;
  readonly status: "ok" | "warning" | "failed";
  readonly message: string;
  readonly remedy: string | null;
  /** For a failed check: what kind of error it would be elsewhere. */
  readonly kind: ErrorKind | null;
}

export function ok(check: string, message: string): Finding {
  return { check, status: "ok", message, remedy: null, kind: null };
}

export function warning(check: string, message: string, remedy: string): Finding {
  return { check, status: "warning", message, remedy, kind: null };
}

/** What is wrong, and how it is mended. */
export interface Fault {
  readonly kind: ErrorKind;
  readonly message: string;
  readonly remedy: string;
}

export function failed(check: string, fault: Fault): Finding {
  return { check, status: "failed", ...fault };
}

/** Runs a check; an error that it throws becomes its finding. */
export async function examine(check: string, find: () => Promise<Finding>): Promise<Finding> {
  return await find().catch((error: unknown) => findingOf(check, error));
}

/** Like `examine`, for a check that finds more than one thing. */
export async function examineAll(check: string, find: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  return await find().catch((error: unknown) => [findingOf(check, error)]);
}

function findingOf(check: string, error: unknown): Finding {
  if (!(error instanceof Failure)) {
    return failed(check, { kind: "bug", message: messageOf(error), remedy: "Please report this." });
  }
  if (error.code === "INTERRUPTED") throw error;
  const { kind, message, hint } = error;
  return failed(check, { kind, message, remedy: hint ?? "Mend what the message names." });
}
