/** One line of a requirements file, as pip understands it. `text` is the whole line, for pip. */
export type RequirementLine =
  /** `requirement` is the package by name or address, without its options: `numpy==1.19.5`, `model @ https://…`. */
  | { readonly kind: "package"; readonly text: string; readonly requirement: string }
  /** Another requirements file, or one of constraints. */
  | { readonly kind: "include" | "constraints"; readonly text: string; readonly path: string }
  /** Says where and how packages are looked for. */
  | { readonly kind: "indexOption"; readonly text: string }
  /** Anything else: a local folder, another option. */
  | { readonly kind: "other"; readonly text: string };

const COMMENT = /(^|\s+)#.*$/;
const INCLUDE = /^(?:-r\s*|--requirement(?:\s*=\s*|\s+))(\S+)/;
const CONSTRAINTS = /^(?:-c\s*|--constraint(?:\s*=\s*|\s+))(\S+)/;
const INDEX_OPTION =
  /^(?:-i|-f|--(?:index-url|pypi-url|extra-index-url|no-index|find-links|trusted-host|only-binary|no-binary|prefer-binary|pre))(?:[\s=]|$)/;
const EDITABLE = /^(?:-e\s*|--editable(?:\s*=\s*|\s+))(.+)$/;
const NAMED = /^[A-Za-z0-9][A-Za-z0-9._-]*\s*(?:\[[^\]]*\])?\s*(?:[<>=!~;@(]|$)/;
const EGG = /[#&]egg=([A-Za-z0-9._-]+)/;
const WHEEL = /(?:^|\/)([A-Za-z0-9._]+)-([A-Za-z0-9._!+]+)(?:-\d[^-/]*)?-[^-/]+-[^-/]+-[^-/]+\.whl(?:[#\s]|$)/;

/**
 * The lines of a requirements file without comments and blank lines, continued lines joined.
 * https://pip.pypa.io/en/stable/reference/requirements-file-format/
 */
export function parseRequirementLines(text: string): readonly RequirementLine[] {
  return joinContinuedLines(text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/))
    .map((line) => line.replace(COMMENT, "").trim())
    .filter((line) => line !== "")
    .map(parseLine);
}

/** A comment line ends what a backslash before it began. */
function joinContinuedLines(lines: readonly string[]): readonly string[] {
  const joined: string[] = [];
  let begun = "";
  for (const line of lines) {
    const isComment = /^\s*#/.test(line);
    if (line.endsWith("\\") && !isComment) {
      begun += line.slice(0, -1);
      continue;
    }
    joined.push(isComment ? begun : begun + line);
    begun = "";
  }
  return [...joined, begun];
}

function parseLine(text: string): RequirementLine {
  const include = INCLUDE.exec(text)?.[1];
  if (include !== undefined) return { kind: "include", text, path: include };
  const constraints = CONSTRAINTS.exec(text)?.[1];
  if (constraints !== undefined) return { kind: "constraints", text, path: constraints };
  if (INDEX_OPTION.test(text)) return { kind: "indexOption", text };
  const requirement = requirementOf(EDITABLE.exec(text)?.[1] ?? text);
  return requirement === null ? { kind: "other", text } : { kind: "package", text, requirement };
}

/** What can be compared with the packages that are installed; null for an address that does not tell the name. */
function requirementOf(target: string): string | null {
  // `--hash=…` and other options of one package stand behind it.
  const [requirement = ""] = target.split(/\s+--?[a-z]/);
  if (NAMED.test(requirement) && !WHEEL.test(requirement)) return requirement;
  const egg = EGG.exec(requirement)?.[1];
  if (egg !== undefined) return egg;
  const [, name, version] = WHEEL.exec(requirement) ?? [];
  if (name !== undefined && version !== undefined) return `${name}==${version}`;
  // What is left is an address, an option, or not a requirement at all, which whoever reads it will say.
  return /^[./-]|^[a-z+]+:/.test(requirement) ? null : requirement;
}
