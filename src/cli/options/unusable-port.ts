import type { ProcessFacts } from "../../app/read-process.ts";
import { Failure } from "../../kernel/failure.ts";

/**
 * What a command says that needs the server's port where that is left to a PORT which holds none.
 * @param otherwise - how else it may be named.
 */
export function unusablePort({ variables }: Pick<ProcessFacts, "variables">, otherwise: string): Failure {
  return new Failure("CONFIG_INVALID", {
    message: `The variable PORT is "${variables["PORT"] ?? ""}", which is not a port.`,
    hint: `Set it to a number from 0 to 65535, or name ${otherwise}.`,
  });
}
