import { parseVersion } from "../version-text.ts";

/** A dependency as conda writes it. */
export interface CondaSpec {
  /** In lower case, without its channel. */
  readonly name: string;
  /** Versions in PEP 440, one text for each alternative; an empty text is any version. Null: C libraries have others (`9e`). */
  readonly alternatives: readonly string[] | null;
}

const CHANNEL = /^[^[\]=<>!~|\s]+::/;
const BRACKETS = /^([^[\]]*)\[([^[\]]*)\]$/;
const FIELD = /(\w+)\s*=\s*(?:'([^']*)'|"([^"]*)"|([^,'"\s]+))/g;
const NAME = /^([A-Za-z0-9_][A-Za-z0-9._-]*)\s*(.*)$/;
const CLAUSE = /^(===?|~=|!=|>=|<=|>|<|=)?([^=<>!~*]*?)(\.?\*)?$/;

/**
 * Reads a match specification: `numpy=1.19`, `conda-forge::numpy=1.19.5=py38_0`, `numpy >=1.2,<2`, `numpy[version='1.*']`.
 * Channel and build are left out: the package index has neither. Null where it names nothing.
 * https://docs.conda.io/projects/conda/en/stable/user-guide/concepts/pkg-specs.html#package-match-specifications
 */
export function parseCondaSpec(text: string): CondaSpec | null {
  const spec = text.trim().replace(/\s+/g, " ");
  const [, plain = spec, fields = ""] = BRACKETS.exec(spec) ?? [];
  const [, name, rest] = NAME.exec(plain.replace(CHANNEL, "")) ?? [];
  if (name === undefined || rest === undefined) return null;
  const listed = [...fields.matchAll(FIELD)].find(([, key]) => key === "version");
  const version = listed?.[2] ?? listed?.[3] ?? listed?.[4];
  const alternatives = version === undefined ? readVersion(rest) : readAlternatives(version, false);
  return { name: name.toLowerCase(), alternatives };
}

/** What stands behind the name: `=1.19`, `=1.19.5=py38_0`, `>=1.2,<2`, `1.19.5 py38_0`. */
function readVersion(rest: string): readonly string[] | null {
  // Space is allowed around operators, and else divides version and build.
  const joined = rest.trim().replace(/\s*([<>=!~,|]+)\s*/g, "$1");
  const [first = "", ...builds] = joined.split(/\s+/);
  if (first === "") return [""];
  if (builds.length > 1) return null;
  const [, equals, version, build] = /^(=?)([^=<>!~]+)(=.*)?$/.exec(first) ?? [];
  if (version === undefined) return readAlternatives(first.replace(/^(==[^=]+)=.*$/, "$1"), false);
  // One "=" means "begins with", but not where a build follows.
  return readAlternatives(version, equals === "=" && build === undefined && builds.length === 0);
}

/** @param isFuzzy - a version without an operator stands for all that begin with it. */
function readAlternatives(text: string, isFuzzy: boolean): readonly string[] | null {
  const alternatives = text.split("|").map((alternative) => {
    const clauses = alternative.split(",").map((clause) => readClause(clause.trim(), isFuzzy));
    return clauses.every((clause) => clause !== null) ? clauses.filter((clause) => clause !== "").join(",") : null;
  });
  return alternatives.every((alternative) => alternative !== null) ? alternatives : null;
}

function readClause(text: string, isFuzzy: boolean): string | null {
  const [, operator = "", version = "", star] = CLAUSE.exec(text) ?? [];
  if (version === "") return star === "*" && ["", "=", "=="].includes(operator) ? "" : null;
  const parsed = parseVersion(version);
  if (parsed === null) return null;
  const isWildcard = star !== undefined || operator === "=" || (operator === "" && isFuzzy);
  switch (operator) {
    case "":
    case "=":
    case "==":
      return `==${parsed.text}${isWildcard && parsed.isPlain ? ".*" : ""}`;
    case "!=":
      return `!=${parsed.text}${star !== undefined && parsed.isPlain ? ".*" : ""}`;
    case "~=":
      return parsed.release.length < 2 ? `>=${parsed.text}` : `~=${parsed.text}`;
    // conda ignores a star behind these.
    default:
      return operator + parsed.text;
  }
}
