import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "../../..");

/** A fenced block of a page. */
export interface CodeBlock {
  /** The first word behind the opening fence, for example `sh`; empty when nothing is there. */
  readonly language: string;
  /** What follows it: the file that a block is, or what it is about. */
  readonly label: string;
  readonly text: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
}

/** Paths, relative to the repository, of the pages that users read. */
export function listPages(): readonly string[] {
  const below = (folder: string): string[] =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".md") && !path.includes("node_modules"))
      .map((path) => `${folder}/${path}`);
  return [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "python/README.md",
    ...below("docs"),
    ...below("examples"),
  ].sort();
}

export function readPage(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** The fenced blocks of a page, in order. */
export function codeBlocks(page: string): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { language: string; label: string; line: number; lines: string[] } | null = null;
  for (const [index, line] of page.split("\n").entries()) {
    const fence = /^```(.*)$/.exec(line);
    if (fence === null) open?.lines.push(line);
    else if (open === null) {
      const [language = "", ...label] = (fence[1] ?? "").trim().split(/ +/);
      open = { language, label: label.join(" "), line: index + 1, lines: [] };
    } else {
      const { lines, ...rest } = open;
      blocks.push({ ...rest, text: lines.join("\n") });
      open = null;
    }
  }
  return blocks;
}

/** Targets of the links of a page, outside of code. */
export function linkTargets(page: string): readonly string[] {
  const prose = page.replace(/^```[^]*?^```$/gm, "").replace(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = ""]) => target);
}

/** The anchors of a page's headings, as GitHub makes them. */
export function headingAnchors(page: string): ReadonlySet<string> {
  const headings = page.replace(/^```[^]*?^```$/gm, "").matchAll(/^#+ +(.+)$/gm);
  const anchors = [...headings].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\- _]/gu, "")
      .replaceAll(" ", "-"),
  );
  return new Set(anchors);
}
