import { join } from "node:path";

import { codeBlocks, readPage, ROOT, type CodeBlock } from "./markdown.ts";

const ESBUILD = join(ROOT, "node_modules/.bin/esbuild");

/** No code can hold this line. */
const END = "END_OF_THE_BLOCK_OF_A_PAGE";
const REDIRECT = `<<'${END}'`;

/** How a block that is no file runs: a command that reads it from its input. */
const RUNNERS: Readonly<Record<string, string>> = {
  sh: "",
  python: `python - ${REDIRECT}`,
  js: `node --input-type=module - ${REDIRECT}`,
  ts: `"${ESBUILD}" --loader=ts --format=esm ${REDIRECT} | node --input-type=module -`,
};

/** True when something of the page runs. */
export function runs(page: string): boolean {
  return codeBlocks(readPage(page)).some(({ language }) => language in RUNNERS);
}

/**
 * All blocks of a page that run, as one session in one folder, each announced so that a failure names its line. A block that
 * names a file (`python train.py`) is written to it; the others run.
 */
export function sessionOf(page: string): string {
  const blocks = codeBlocks(readPage(page)).filter(({ language }) => language in RUNNERS);
  const steps = blocks.map((block) => `echo "== ${page}:${block.line}"\n${stepOf(block)}\n`);
  return `set -euo pipefail\n${steps.join("")}`;
}

function stepOf({ language, label, text }: CodeBlock): string {
  if (language === "sh") return text;
  const command = label === "" ? RUNNERS[language] : `mkdir -p "$(dirname '${label}')" && cat > '${label}' ${REDIRECT}`;
  return `${command}\n${text}\n${END}`;
}
