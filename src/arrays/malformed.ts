import { Failure } from "../kernel/failure.ts";

/** What is wrong with a data file. @param where - the file, and the member of an archive. */
export function malformed(where: string, problem: string, hint?: string): Failure {
  return new Failure("DATA_MALFORMED", { message: `${where} cannot be read as an array: ${problem}`, hint });
}
