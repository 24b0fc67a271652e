import { translatePoetryVersion } from "./poetry-version.ts";

const CLAUSE = /^(~=|===?|!=|>=|<=|>|<)(.+)$/;
const PLATFORM = /^(==|!=)?\s*([\w.-]+)$/;

/**
 * The marker of PEP 508 for Poetry's `python = "^3.8"`: `python_version >= "3.8" and python_version < "4"`.
 * Empty for any Python, null where the constraint cannot be read.
 */
export function pythonMarker(constraint: string): string | null {
  const alternatives = translatePoetryVersion(constraint);
  if (alternatives === null) return null;
  if (alternatives.some((clauses) => clauses.length === 0)) return "";
  return either(alternatives.map((clauses) => clauses.map(pythonClause).join(" and ")));
}

/** `python_version` has two numbers, so three must be compared with the full version. */
function pythonClause(clause: string): string {
  const [, operator = "", version = ""] = CLAUSE.exec(clause) ?? [];
  const variable = version.replace(/\.\*$/, "").split(".").length > 2 ? "python_full_version" : "python_version";
  return `${variable} ${operator} "${version}"`;
}

/** The marker for Poetry's `platform = "linux || darwin"`; null where it cannot be read. */
export function platformMarker(constraint: string): string | null {
  const clauses = constraint.split(/\|\|?/).map((text) => {
    const [, operator = "==", name] = PLATFORM.exec(text.trim()) ?? [];
    return name === undefined ? null : `sys_platform ${operator} "${name}"`;
  });
  return clauses.every((clause) => clause !== null) ? either(clauses) : null;
}

/** All of several markers; empty ones are true everywhere. */
export function bothMarkers(markers: readonly string[]): string {
  const [first = "", ...others] = markers.filter((marker) => marker !== "");
  return others.length === 0 ? first : [first, ...others].map((marker) => `(${marker})`).join(" and ");
}

function either(markers: readonly string[]): string {
  const [first = "", ...others] = markers;
  return others.length === 0 ? first : [first, ...others].map((marker) => `(${marker})`).join(" or ");
}
