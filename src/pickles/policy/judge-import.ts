import { KNOWN_FRAMEWORKS, PLAIN_TYPES, REBUILDERS, REBUILDERS_AMONG_DANGERS } from "./allowed-names.ts";
import { dangerousBuiltins, dangerousFunctions, dangerousModules, dangerousParts } from "./dangerous-names.ts";

/** `unknown`: neither allowed nor known to be dangerous. */
export type Verdict = "allowed" | "unknown" | "dangerous";

/** @param isCalled - whether it is called, or handed to what is called. */
export type JudgeImport = (found: {
  readonly module: string;
  readonly name: string;
  readonly isCalled: boolean;
}) => Verdict;

/** A pattern of `allowedPickleImports`: a full name, in which `*` stands for any characters. */
export const IMPORT_PATTERN = /^[\p{L}\p{N}_.*-]+$/u;

/** Names that Python 2 had for modules. */
const RENAMED: Readonly<Record<string, string>> = {
  __builtin__: "builtins",
  copy_reg: "copyreg",
  exceptions: "builtins",
};
const DUNDER = /^__.*__$/;
const CLASS = /(?:^|\.)_*\p{Lu}[^.]*$/u;
const isDangerousPart = matcher(dangerousParts);
const isUsualRebuilder = matcher(REBUILDERS);

/**
 * Judges imports against the patterns of a project, or where it has none against well-known packages. A pattern with `*` never
 * allows what is dangerous, nor methods (`ndarray.tofile`): objects are made of classes and functions, methods do things. Nor does it
 * allow to call functions, but for those few that pickles need: among the thousands of a package there are always some that look up,
 * import or call whatever they are told. A name that is written out in full allows just that.
 */
export function importJudge(patterns: readonly string[] | null): JudgeImport {
  const all = patterns ?? KNOWN_FRAMEWORKS;
  const isAllowed = matcher(all.filter((pattern) => pattern.includes("*")));
  const written = new Set(all.filter((pattern) => !pattern.includes("*")));
  return ({ module, name, isCalled }) => {
    const place = Object.hasOwn(RENAMED, module) ? (RENAMED[module] ?? module) : module;
    const full = `${place}.${name}`;
    if (written.has(full) || PLAIN_TYPES.has(full)) return "allowed";
    const isKnownRebuilder = REBUILDERS_AMONG_DANGERS.has(full);
    if (!isKnownRebuilder && isDangerous(place, name)) return "dangerous";
    const mayBeCalled = isKnownRebuilder || CLASS.test(name) || isUsualRebuilder(full);
    return isAllowed(full) && !isMethod(name) && (mayBeCalled || !isCalled) ? "allowed" : "unknown";
  };
}

/** A name within a class that is no class itself. */
function isMethod(name: string): boolean {
  return /\.[^.\p{Lu}][^.]*$/u.test(name);
}

function isDangerous(module: string, name: string): boolean {
  const [root = ""] = module.split(".");
  if (dangerousModules.has(root) || isDangerousPart(`${module}.${name}`)) return true;
  const parts = name.split(".");
  if (root === "builtins" && parts.some((part) => dangerousBuiltins.has(part))) return true;
  // A name with dots reaches through attributes (protocol 4): from a class to its globals, from a package to what it imports.
  return parts.some(
    (part) => DUNDER.test(part) || dangerousModules.has(part) || dangerousFunctions.has(part) || part === "f_globals",
  );
}

function matcher(patterns: readonly string[]): (name: string) => boolean {
  const sources = patterns.map((pattern) => pattern.replace(/\./g, "\\$&").replaceAll("*", ".*"));
  const expression = new RegExp(`^(?:${sources.join("|")})$`, "su");
  return (name) => patterns.length > 0 && expression.test(name);
}
