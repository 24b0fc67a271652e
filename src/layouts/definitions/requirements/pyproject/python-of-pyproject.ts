import { parse } from "smol-toml";

import { pythonOfPoetry } from "./read-poetry-table.ts";
import { tableAt, type TomlTable } from "./toml-file.ts";

/**
 * Pythons that a `pyproject.toml` asks for whose packages are listed elsewhere, or not at all. Null when it asks for none;
 * a file that cannot be read is not used otherwise, so its faults are nobody's concern.
 */
export function pythonOfPyproject(text: string): string | null {
  const document = parsed(text);
  const project = tableAt(document, ["project"])?.["requires-python"];
  if (typeof project === "string") return project.trim() || null;
  return pythonOfPoetry(tableAt(document, ["tool", "poetry"]) ?? {}) ?? null;
}

function parsed(text: string): TomlTable {
  try {
    return parse(text, { integersAsBigInt: "asNeeded" });
  } catch {
    return {};
  }
}
