const CLAUSE = /^(~=|===?|!=|>=|<=|>|<)\s*v?(\d{1,9}(?:\.\d{1,9})*)(\.\*)?$/;

type Numbers = readonly number[];

/**
 * True when a version of Python or of a package is among those that a requirement allows: clauses of PEP 440 divided by
 * commas, alternatives by `||`. Null where the requirement cannot be read.
 * https://packaging.python.org/en/latest/specifications/version-specifiers/
 * @param requirement - for example `>=3.8,<4` or `==3.8.* || ==3.10.*`.
 * @param version - for example `3.11.7`; what follows the numbers does not matter.
 */
export function meetsVersion(requirement: string, version: string): boolean | null {
  const found = (/^\d+(?:\.\d+)*/.exec(version)?.[0] ?? "").split(".").map(Number);
  const alternatives = requirement.split("||").map((alternative) => {
    const answers = alternative.split(",").map((clause) => meetsClause(clause.trim(), found));
    return answers.includes(null) ? null : !answers.includes(false);
  });
  return alternatives.includes(null) ? null : alternatives.includes(true);
}

function meetsClause(clause: string, found: Numbers): boolean | null {
  const [, operator, version, star] = CLAUSE.exec(clause) ?? [];
  if (operator === undefined || version === undefined) return null;
  const wanted = version.split(".").map(Number);
  const isEquality = operator === "==" || operator === "!=";
  if (star !== undefined && !isEquality) return null;
  const isSame = star === undefined ? compare(found, wanted) === 0 : startsWith(found, wanted);
  switch (operator) {
    case "==":
    case "===":
      return isSame;
    case "!=":
      return !isSame;
    case ">=":
      return compare(found, wanted) >= 0;
    case "<=":
      return compare(found, wanted) <= 0;
    case ">":
      return compare(found, wanted) > 0;
    case "<":
      return compare(found, wanted) < 0;
    default:
      // ~=3.8.1 is >=3.8.1,==3.8.*; there is no ~=3.
      return wanted.length < 2 ? null : compare(found, wanted) >= 0 && startsWith(found, wanted.slice(0, -1));
  }
}

/** Missing numbers are zeros. */
function compare(a: Numbers, b: Numbers): number {
  const index = Array.from({ length: Math.max(a.length, b.length) }).findIndex(
    (_, at) => (a[at] ?? 0) !== (b[at] ?? 0),
  );
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}

function startsWith(found: Numbers, beginning: Numbers): boolean {
  return beginning.every((part, at) => part === (found[at] ?? 0));
}
