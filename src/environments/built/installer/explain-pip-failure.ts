import { nameOf, type Interpreter } from "../../interpreter/interpreter.ts";

export interface PipFailure {
  /** What pip could not do, in its own words but few of them. May have several lines. */
  readonly summary: string;
  /** What the reader can do about it. */
  readonly hint: string;
}

export interface PipFailureContext {
  /** The end of pip's log. */
  readonly log: string;
  readonly interpreter: Interpreter;
  /** Lines of the requirements file that pip was given: it names them by number. */
  readonly requirementLines: readonly string[];
  /** The one folder that packages may come from; null: an index. */
  readonly wheels: string | null;
}

const MAX_LINES = 8;
const MAX_LINE_LENGTH = 300;
const BUILD_FAILURE =
  /subprocess-exited-with-error|metadata-generation-failed|Failed building wheel|Failed to build|BackendUnavailable/;
const IGNORED = /Ignored the following versions that require a different python version: (.*)/i;
const OTHER_PYTHON =
  "Choose an interpreter that the packages support with --python, or use an environment that has them with --python <interpreter> --no-install.";

/** Finds the lines of pip's log that say what went wrong, and what can be done about it. */
export function explainPipFailure(context: PipFailureContext): PipFailure {
  const log = nameRequirements(context);
  const lines = log.split("\n").map((line) => line.trimEnd());
  const found = [buildFailure, hashMismatch, pythonMismatch, conflict, errors].map((explain) =>
    explain(lines, context.interpreter),
  );
  const { summary, hint } = found.find((one) => one !== null) ?? lastLines(lines);
  const short = summary.slice(0, MAX_LINES).map((line) => line.slice(0, MAX_LINE_LENGTH));
  return { summary: short.join("\n"), hint: isNothingFound(log) ? nothingFoundHint(context) : hint };
}

interface Explanation {
  readonly summary: readonly string[];
  readonly hint: string;
}

/** What can be done where no file of a package was found at all. */
export function nothingFoundHint({ wheels, interpreter }: Pick<PipFailureContext, "wheels" | "interpreter">): string {
  if (wheels === null)
    return "No version of it was found at all: check its name, and that the package index can be reached (network, proxy variables, PIP_INDEX_URL).";
  return `${wheels} has no file of it for ${nameOf(interpreter)}, and with a folder of package files no index is asked. Put the file there: \`pip download -d <folder> <package>\` where an index can be reached.`;
}

function isNothingFound(log: string): boolean {
  return /\(from versions: (?:none)?\)|connection broken by|Could not fetch URL/.test(log);
}

/** Puts the requirement itself where pip names a line of a file that is already gone. */
function nameRequirements({ log, requirementLines }: PipFailureContext): string {
  return log
    .replace(/\s*\(from (?:-r \S+ \(line \d+\)|line \d+ of \S+?)\)/g, "")
    .replace(/-r \S+ \(line (\d+)\)/g, (whole, number: string) => requirementLines[Number(number) - 1] ?? whole);
}

function buildFailure(lines: readonly string[], interpreter: Interpreter): Explanation | null {
  const index = lines.findLastIndex((line) => BUILD_FAILURE.test(line));
  if (index < 0) return null;
  const name = lines.slice(0, index).flatMap((line) => /^\s*(?:Collecting|Processing) (\S+)/.exec(line)?.[1] ?? []);
  const end = lines.findLastIndex((line) => line.includes("[end of output]"));
  const output = (end < 0 ? lines : lines.slice(0, end)).filter(
    (line) => !/^\s*$|^\s*(?:File "|note:|[│╰×~^])/.test(line),
  );
  return {
    summary: [
      `${name.at(-1) ?? "A package"} has no ready-made file for ${nameOf(interpreter)} and could not be built from source:`,
      ...output.slice(-3).map((line) => `  ${line.trim()}`),
    ],
    hint: `A version this old or this new may not support ${nameOf(interpreter)}. ${OTHER_PYTHON}`,
  };
}

function hashMismatch(lines: readonly string[]): Explanation | null {
  const index = lines.findIndex((line) => line.includes("DO NOT MATCH THE HASHES"));
  if (index < 0) return null;
  return {
    summary: ["A file is not the one whose hash was recorded:", ...lines.slice(index + 1, index + 4)],
    hint: "If the package was replaced on purpose, --upgrade resolves the requirements anew; if not, somebody tampered with it.",
  };
}

/** pip leaves out versions that need another Python, and then says only that there is none. */
function pythonMismatch(lines: readonly string[], interpreter: Interpreter): Explanation | null {
  const missing = lines.flatMap((line) => /No matching distribution found for (.+)/.exec(line)?.[1] ?? []).at(-1);
  const direct = lines.find((line) => line.includes("requires a different Python"));
  const ignored = lines.flatMap((line) => IGNORED.exec(line)?.[1] ?? []).at(-1);
  if (direct !== undefined) return { summary: [withoutLabel(direct)], hint: OTHER_PYTHON };
  if (missing === undefined || ignored === undefined) return null;
  const wanted = /==\s*(\S+)/.exec(missing)?.[1];
  const reasons = ignored.split(";").map((entry) => entry.trim().replace(" Requires-Python ", " needs Python "));
  const exact = reasons.filter((reason) => reason.split(" ")[0] === wanted);
  // A pinned version that is not among them is missing for another reason.
  if (wanted !== undefined && exact.length === 0) return null;
  const shown = exact.length > 0 ? exact : reasons.slice(-3);
  return {
    summary: [`No matching distribution found for ${missing}.`, `This is ${nameOf(interpreter)}; ${shown.join("; ")}.`],
    hint: OTHER_PYTHON,
  };
}

function conflict(lines: readonly string[]): Explanation | null {
  const index = lines.findIndex((line) => line.startsWith("The conflict is caused by:"));
  if (index < 0) return null;
  const causes = lines.slice(index + 1);
  const end = causes.findIndex((line) => line.trim() === "");
  const cannot = lines.find((line) => line.startsWith("ERROR: Cannot install")) ?? "";
  return {
    summary: [withoutLabel(cannot), ...causes.slice(0, end < 0 ? undefined : end)],
    hint: "Change the versions in the requirements so that they fit each other.",
  };
}

function errors(lines: readonly string[]): Explanation | null {
  const said = lines.filter((line) => /^\s*error:/i.test(line)).map(withoutLabel);
  // "Could not find a version" only repeats it, with a list of all the versions that there are.
  const isMissing = said.some((line) => line.startsWith("No matching distribution"));
  const summary = said.filter((line) => !isMissing || !/^(Could not find a version|Ignored the following)/.test(line));
  // After "ERROR: Exception:" comes a traceback, whose last line tells.
  if (summary.length === 0 || summary.at(-1) === "Exception:") return null;
  return { summary, hint: "Mend the requirements, or use an environment that has the packages with --no-install." };
}

function lastLines(lines: readonly string[]): Explanation {
  const said = lines.filter((line) => line.trim() !== "").slice(-3);
  return { summary: said, hint: "The whole log tells what pip did." };
}

function withoutLabel(line: string): string {
  return line.replace(/^\s*error:\s*/i, "");
}
