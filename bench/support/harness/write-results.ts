import { readFile, writeFile } from "node:fs/promises";
import { format } from "prettier";

import { describeMachine, renderRow } from "./report.ts";
import { inRepository } from "./repository.ts";
import type { BenchmarkResult } from "./run-benchmark.ts";

const PAGE = inRepository("docs/benchmarks.md");

/** Puts results in the place of the former ones in `docs/benchmarks.md`. */
export async function writeResults(results: readonly BenchmarkResult[]): Promise<void> {
  let page = (await readFile(PAGE, "utf8")).replace(/^Measured on .*$/m, describeMachine(new Date()));
  for (const result of results) {
    const row = new RegExp(`^\\| \`${result.benchmark.name}\`:.*$`, "m");
    if (!row.test(page)) throw new Error(`docs/benchmarks.md has no row for ${result.benchmark.name}.`);
    page = page.replace(row, () => renderRow(result));
  }
  await writeFile(PAGE, await format(page, { parser: "markdown", printWidth: 120 }));
}
