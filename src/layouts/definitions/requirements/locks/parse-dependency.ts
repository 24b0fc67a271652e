import { canonicalName } from "../requirement-text.ts";
import type { LockedDependency } from "./locked-packages.ts";

const REQUIREMENT = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*(@?)([^;]*)(?:;(.*))?$/;

/** Reads a requirement of PEP 508; null for a line that is none, such as an option. */
export function parseDependency(line: string): LockedDependency | null {
  const [, name, extras = "", at, rest = "", marker = ""] = REQUIREMENT.exec(line.trim()) ?? [];
  if (name === undefined) return null;
  const versions = rest.trim().replace(/^\((.*)\)$/, "$1");
  return {
    name: canonicalName(name),
    versions: at === "@" || versions === "" ? null : versions,
    extras: extras.split(",").flatMap((extra) => (extra.trim() === "" ? [] : [canonicalName(extra.trim())])),
    marker: marker.trim(),
  };
}
