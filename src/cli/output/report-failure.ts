import type { Failure } from "../../kernel/failure.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { failureJson, renderFailure } from "./render-failure.ts";

/** Prints an error to standard error and returns the exit code that belongs to it. */
export function reportFailure(failure: Failure, isJson: boolean): number {
  // In one line: a server's log goes the same way, so a program finds the error as the last line.
  const text = isJson ? JSON.stringify(failureJson(failure)) : renderFailure(failure);
  process.stderr.write(`${text}\n`);
  return EXIT_CODES[failure.kind];
}
