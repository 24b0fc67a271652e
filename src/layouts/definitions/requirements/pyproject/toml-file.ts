import { parse, TomlDate, TomlError } from "smol-toml";

import { messageOf } from "../../../../kernel/failure.ts";
import { jsonPointer } from "../../../../kernel/parse.ts";
import type { FaultFields } from "../../reading.ts";
import type { PackageSource } from "../package-file.ts";

export type TomlTable = Readonly<Record<string, unknown>>;
export type TomlPath = readonly (string | number)[];

/** Parses a TOML file (https://toml.io/en/v1.0.0); null after a fault was reported. */
export function parseToml({ reading, path, text }: PackageSource): TomlTable | null {
  try {
    // A number of somebody else's that is too large to be exact is no reason to give up.
    return parse(text, { integersAsBigInt: "asNeeded" });
  } catch (error) {
    const place = error instanceof TomlError ? `:${error.line}:${error.column}` : "";
    const [reason = ""] = messageOf(error)
      .replace(/^Invalid TOML document: /, "")
      .split("\n");
    reading.fault("REQUIREMENTS_MALFORMED", path + place, {
      message: `${path} is not TOML: ${reason}.`,
      remedy: "Mend the file at this place, or list the packages in a requirements.txt.",
    });
    return null;
  }
}

/** The value as a table, or null where it is something else. */
export function asTable(value: unknown): TomlTable | null {
  const isTable = typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof TomlDate);
  return isTable ? (value as TomlTable) : null;
}

/** The table at this path, or null where there is none. */
export function tableAt(document: TomlTable, path: readonly string[]): TomlTable | null {
  return path.reduce<TomlTable | null>((table, key) => asTable(table?.[key]), document);
}

/** Reports a value that is not what it should be. */
export function faultAt(source: PackageSource, at: TomlPath, fields: FaultFields): void {
  source.reading.fault("REQUIREMENTS_MALFORMED", `${source.path}#${jsonPointer(at)}`, fields);
}
