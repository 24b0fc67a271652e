import { join } from "node:path";

import { sha256 } from "../../../kernel/digest.ts";
import { canonicalJson } from "../../../kernel/json.ts";
import { identityOf, type Interpreter } from "../../interpreter/interpreter.ts";

/** Two interpreters of one version that are installed in two places do not share what links to one of them. */
export function placeKey(interpreter: Interpreter): string {
  return canonicalJson({ ...identityOf(interpreter), baseExecutable: interpreter.baseExecutable });
}

/** Absolute folder of the virtual environment that holds the tool's own pip for an interpreter. */
export function pipFolder(envsFolder: string, interpreter: Interpreter): string {
  return join(envsFolder, "pip", sha256(placeKey(interpreter)).slice(0, 32));
}
