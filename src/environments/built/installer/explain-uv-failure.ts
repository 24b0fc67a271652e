import { nothingFoundHint, type PipFailure, type PipFailureContext } from "./explain-pip-failure.ts";

const MAX_LINES = 8;
const MAX_LINE_LENGTH = 300;
const BEGINNING = /^\s*(?:error:|×)/;
const NOTHING_FOUND =
  /was not found in|no versions? of|not found in the provided|Failed to fetch|error sending request/i;
const OTHER_PYTHON = /depends on Python|does not satisfy Python|no wheels with a matching Python/;

/** Finds what uv said last in its log: it tells the whole cause in a few lines. */
export function explainUvFailure(context: PipFailureContext): PipFailure {
  const lines = context.log.split("\n").map((line) => line.replace(/[│╰├─▶×]+/g, " ").trimEnd());
  const begin = context.log.split("\n").findLastIndex((line) => BEGINNING.test(line));
  const said = lines.slice(begin < 0 ? -3 : begin).filter((line) => line.trim() !== "");
  const text = said.map((line) =>
    line
      .trim()
      .replace(/^error:\s*/, "")
      .slice(0, MAX_LINE_LENGTH),
  );
  return { summary: text.slice(0, MAX_LINES).join("\n"), hint: hintFor(context) };
}

function hintFor(context: PipFailureContext): string {
  if (context.log.includes("Hash mismatch"))
    return "If the package was replaced on purpose, --upgrade resolves the requirements anew; if not, somebody tampered with it.";
  if (OTHER_PYTHON.test(context.log))
    return "Choose an interpreter that the packages support with --python, or use an environment that has them with --python <interpreter> --no-install.";
  if (NOTHING_FOUND.test(context.log)) return nothingFoundHint(context);
  return 'Mend the requirements; "installer": "pip" in modelwright.json has pip do the work instead.';
}
