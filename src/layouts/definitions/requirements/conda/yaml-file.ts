import { isNode, isScalar, LineCounter, parseDocument, type Document } from "yaml";

import type { FaultFields } from "../../reading.ts";
import type { PackageSource } from "../package-file.ts";

// Far beyond any list of packages. The parser needs seconds for what is much larger.
const MAX_CHARACTERS = 256 * 1024;
// The parser recurses, and Node dies when a regular expression is first compiled with little stack left.
const MAX_DEPTH = 64;
// One slip of the pen is often followed by errors that it caused.
const MAX_FAULTS = 3;

/** A YAML file of which every scalar is text: `No` and `1.10` stay what was written. */
export interface YamlFile extends PackageSource {
  readonly document: Document;
  readonly lines: LineCounter;
}

/** Parses a YAML file (https://yaml.org/spec/1.2.2/); null after a fault was reported. */
export function parseYaml(source: PackageSource): YamlFile | null {
  const { reading, path, text } = source;
  if (text.length > MAX_CHARACTERS) {
    const message = `${path} has ${text.length} characters, which no list of packages has.`;
    reading.fault("REQUIREMENTS_MALFORMED", path, { message, remedy: "List the packages in a requirements.txt." });
    return null;
  }
  if (isTooDeep(text)) {
    const message = `${path} is not YAML that lists packages: it is nested more than ${MAX_DEPTH} deep.`;
    reading.fault("REQUIREMENTS_MALFORMED", path, { message, remedy: "List the packages in a requirements.txt." });
    return null;
  }
  const lines = new LineCounter();
  // Comparing each key with all others takes quadratic time; the keys that matter are looked at by the reader.
  const document = parseDocument(text, {
    schema: "failsafe",
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: "error",
  });
  const file = { ...source, document, lines };
  for (const error of document.errors.slice(0, MAX_FAULTS))
    reading.fault("REQUIREMENTS_MALFORMED", path + placeOfOffset(file, error.pos[0]), {
      message: `${path} is not YAML: ${error.message}.`,
      remedy: "Mend the file at this place, or list the packages in a requirements.txt.",
    });
  return document.errors.length === 0 ? file : null;
}

/** Counts brackets, and marks of lists and keys at the beginning of a line; those inside quotes count too, and do no harm. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const [mark] of text.matchAll(/[[\]{}]/g)) {
    depth += mark === "[" || mark === "{" ? 1 : -1;
    if (depth > MAX_DEPTH) return true;
    depth = Math.max(depth, 0);
  }
  return text.split("\n").some((line) => (/^[\s?:-]*/.exec(line)?.[0].replace(/\s/g, "").length ?? 0) > MAX_DEPTH);
}

/** `:line:column` of a node, counted from 1. */
export function placeOf(file: YamlFile, node: unknown): string {
  return placeOfOffset(file, isNode(node) ? (node.range?.[0] ?? 0) : 0);
}

function placeOfOffset({ lines }: YamlFile, offset: number): string {
  const { line, col } = lines.linePos(offset);
  // Of an empty file the counter knows no line.
  return `:${Math.max(line, 1)}:${Math.max(col, 1)}`;
}

/** Reports a node that is not what it should be. */
export function faultAtNode(file: YamlFile, node: unknown, fields: FaultFields): void {
  file.reading.fault("REQUIREMENTS_MALFORMED", file.path + placeOf(file, node), fields);
}

/** The text of a scalar; null for lists and maps. */
export function textOf(node: unknown): string | null {
  return isScalar(node) && typeof node.value === "string" ? node.value : null;
}
