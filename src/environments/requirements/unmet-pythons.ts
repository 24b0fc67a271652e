import { nameOf, type Interpreter } from "../interpreter/interpreter.ts";
import { meetsVersion } from "../../model/python/meets-version.ts";
import type { Requirements } from "./read-requirements.ts";

/** What the requirements ask of Python and the interpreter is not, as sentences. It is used all the same. */
export function unmetPythons({ pythons }: Requirements, interpreter: Interpreter): readonly string[] {
  const sentences = pythons.flatMap(({ path, requirement }) => {
    const isMet = meetsVersion(requirement, interpreter.version);
    if (isMet === null) return `${path} asks for a Python that cannot be read: ${requirement}`;
    return isMet ? [] : `needs Python ${requirement} (${path}), found ${nameOf(interpreter)}`;
  });
  return [...new Set(sentences)];
}
