import { isPicklePath } from "../../arrays/is-array-path.ts";
import type { InspectedPickle } from "./inspection.ts";

/** The first byte of pickles since protocol 2. */
const PROTO = 0x80;
const IDENTIFIER = /^[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*$/u;

/**
 * Whether bytes that were followed as a pickle are one. Nearly any text begins with something that is an instruction, too.
 * @param name - of the file or member.
 * @param start - its first bytes.
 */
export function looksLikePickle(
  name: string,
  start: Buffer,
  { count, imports, calls, verdict }: InspectedPickle,
): boolean {
  if (isPicklePath(name) || start[0] === PROTO) return true;
  if (count > 0 && (imports.length > 0 || start.includes("\n."))) return true;
  const isNamed = imports.some(({ module, name }) => IDENTIFIER.test(module) && IDENTIFIER.test(name));
  return (
    isNamed && (calls.length > 0 || (verdict === "dangerous" && imports.some((found) => found.verdict === "dangerous")))
  );
}
