import { Failure, hasSystemCode, messageOf } from "../kernel/failure.ts";

/**
 * Turns what starting a program threw into what a reader can act on.
 * @returns Failure `INTERPRETER_NOT_FOUND` for a program that is missing or may not be run; anything else as it came.
 */
export function explainStartFault(error: unknown, command: readonly string[]): unknown {
  if (!hasSystemCode(error, "ENOENT", "EACCES", "ENOTDIR", "ENOEXEC")) return error;
  const program = command[0] ?? "";
  return new Failure("INTERPRETER_NOT_FOUND", {
    message: `The program ${program} cannot be started: ${messageOf(error)}.`,
    hint: "Check that the interpreter is installed and may be run.",
    details: { program },
    cause: error,
  });
}
