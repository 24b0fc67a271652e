/** True when a folder (relative to the project root, with `/`) is named by the ignore rules. */
export type IsIgnored = (path: string) => boolean;

interface IgnoreRule {
  readonly pattern: RegExp;
  readonly isNegated: boolean;
}

/**
 * Reads `.modelwrightignore`: one pattern a line, as in `.gitignore`. A plain name counts at any depth; a pattern with a
 * slash before its end counts from the project root; `*` and `?` stay within one name, `**` crosses folders; `#` begins
 * a comment; `!` takes back what an earlier line ignored. What lies in an ignored folder is ignored with it.
 */
export function parseIgnoreRules(text: string): IsIgnored {
  const rules = text
    .split(/\r?\n/)
    .map(parseRule)
    .filter((rule) => rule !== null);
  return (path) => rules.findLast((rule) => rule.pattern.test(path))?.isNegated === false;
}

function parseRule(line: string): IgnoreRule | null {
  const trimmed = line.trim();
  if (trimmed === "" || trimmed.startsWith("#")) return null;
  const isNegated = trimmed.startsWith("!");
  // `\#` and `\!` are names that begin with these characters.
  const pattern = (isNegated ? trimmed.slice(1) : trimmed).replace(/^\\(?=[#!])/, "").replace(/\/+$/, "");
  if (pattern === "") return null;
  const isAnchored = pattern.includes("/");
  const body = globSource(pattern.replace(/^\//, ""));
  return { pattern: new RegExp(isAnchored ? `^${body}$` : `(?:^|/)${body}$`, "su"), isNegated };
}

/** The source of a regular expression for a glob. Runs of stars are one star, so that none can backtrack for long. */
function globSource(glob: string): string {
  return glob.replace(/\*\*+\/|\/\*\*+$|\*+|\?|[\\^$.()[\]{}|+/-]/g, (part) => {
    if (part.startsWith("**") && part.endsWith("/")) return "(?:[^/]+/)*";
    if (part.startsWith("/**")) return "/.+";
    if (part.startsWith("*")) return "[^/]*";
    if (part === "?") return "[^/]";
    return part === "-" ? "-" : `\\${part}`;
  });
}
