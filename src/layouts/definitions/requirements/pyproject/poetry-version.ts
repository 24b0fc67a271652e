import { parseVersion, versionAfter, type PythonVersion } from "../version-text.ts";

const CLAUSE = /^(\^|~=|~|===?|!=|>=|<=|>|<|=)?([^\s,<>=!~^|][^\s,<>=~^|]*)$/;

/**
 * A version constraint of Poetry in PEP 440, one list of clauses for each of its alternatives; an empty list is any
 * version. `^1.2` gives `[[">=1.2", "<2"]]`, `~1.2 || 3.*` gives `[[">=1.2", "<1.3"], ["==3.*"]]`. Null where it is none.
 * https://python-poetry.org/docs/dependency-specification/#version-constraints
 */
export function translatePoetryVersion(text: string): readonly (readonly string[])[] | null {
  const alternatives = text.split(/\|\|?/).map(translateAlternative);
  return alternatives.every((clauses) => clauses !== null) ? alternatives : null;
}

function translateAlternative(text: string): readonly string[] | null {
  const clauses = text
    .trim()
    .replace(/\s+/g, " ")
    .replace(/([<>=!~^]) /g, "$1")
    .split(/ ?, ?| /)
    .map(translateClause);
  return clauses.every((clause) => clause !== null) ? clauses.flat() : null;
}

function translateClause(text: string): readonly string[] | null {
  const [, operator = "", version = ""] = CLAUSE.exec(text) ?? [];
  if (version === "*") return ["", "=", "=="].includes(operator) ? [] : null;
  const isWildcard = version.endsWith(".*");
  const parsed = parseVersion(isWildcard ? version.slice(0, -2) : version);
  if (parsed === null || (isWildcard && !parsed.isPlain)) return null;
  const written = parsed.text + (isWildcard ? ".*" : "");
  switch (operator) {
    case "":
    case "=":
      return [`==${written}`];
    case "==":
    case "!=":
      return [operator + written];
    case "^":
      return isWildcard ? null : [`>=${written}`, `<${caretEnd(parsed)}`];
    case "~":
      return isWildcard ? null : [`>=${written}`, `<${versionAfter(parsed, Math.min(2, parsed.release.length))}`];
    // PEP 440 knows no such thing as ~=1.
    case "~=":
      return isWildcard || parsed.release.length < 2 ? null : [operator + written];
    default:
      return isWildcard ? null : [operator + written];
  }
}

/** A caret keeps the first number that is not zero, or the last one where all are. */
function caretEnd(version: PythonVersion): string {
  const first = version.release.findIndex((part) => part > 0n);
  return versionAfter(version, first < 0 ? version.release.length : first + 1);
}
