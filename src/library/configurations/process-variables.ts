import { Failure } from "../../kernel/failure.ts";

let read: (() => Readonly<Record<string, string>>) | null = null;

/** Called once, by the entry point: the library itself does not look at its process. */
export function setProcessVariables(variables: () => Readonly<Record<string, string>>): void {
  read = variables;
}

/** The variables of the process as they are now. */
export function processVariables(): Readonly<Record<string, string>> {
  if (read !== null) return read();
  throw new Failure("INTERNAL", { message: "The library was used without its entry point." });
}
