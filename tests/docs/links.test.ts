import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

import { headingAnchors, linkTargets, listPages, readPage, ROOT } from "./support/markdown.ts";

test.each(listPages())("every relative link of %s points to something", (page) => {
  const broken = linkTargets(readPage(page)).filter((target) => !leadsSomewhere(page, target));
  expect(broken).toEqual([]);
});

test("a link to a missing file, a missing heading or out of the repository is found", () => {
  for (const target of ["gone.md", "glossary.md#gone", "../../outside.md", "#gone"])
    expect(leadsSomewhere("docs/architecture.md", target), target).toBe(false);
});

function leadsSomewhere(page: string, target: string): boolean {
  if (/^[a-z]+:/.test(target)) return true;
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? page : join(dirname(page), path);
  if (file.startsWith("..") || !existsSync(join(ROOT, file))) return false;
  return anchor === undefined || headingAnchors(readPage(file)).has(anchor);
}
