import { parseArgs } from "node:util";

import { BENCHMARKS } from "./benchmarks.ts";
import type { Benchmark } from "./support/harness/benchmark.ts";
import { describeMachine, renderTable } from "./support/harness/report.ts";
import { runBenchmark, type BenchmarkResult } from "./support/harness/run-benchmark.ts";
import { writeResults } from "./support/harness/write-results.ts";

const LEAST_ROUNDS = 5;

const USAGE = `npm run bench -- <name>… [--rounds <number>] [--json] [--write]

  all
${BENCHMARKS.map(({ name, title, peer }) => `  ${name.padEnd(17)} ${title}${peer === "" ? "" : ` against ${peer}`}`).join("\n")}

  --rounds <number>  rounds of each, ${LEAST_ROUNDS} at least
  --json             print every round as JSON
  --write            put the table into docs/benchmarks.md`;

/** Progress goes to standard error, results to standard output. A missed bound is no error: machines differ. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: "string" }, json: { type: "boolean" }, write: { type: "boolean" } },
  });
  const chosen = choose(positionals);
  const rounds = values.rounds === undefined ? null : Number(values.rounds);
  if (chosen === null || (rounds !== null && !(Number.isInteger(rounds) && rounds >= LEAST_ROUNDS))) {
    process.stderr.write(`${USAGE}\n`);
    process.exitCode = 2;
    return;
  }
  const results: BenchmarkResult[] = [];
  for (const benchmark of chosen) {
    results.push(await runBenchmark(benchmark, { rounds, say: (line) => process.stderr.write(`${line}\n`) }));
  }
  const text = `${describeMachine(new Date())}\n\n${renderTable(results)}`;
  process.stdout.write(`${values.json === true ? JSON.stringify(results, null, 2) : text}\n`);
  if (values.write === true) await writeResults(results);
}

/** Null when a name is not known, or none is given. */
function choose(names: readonly string[]): readonly Benchmark[] | null {
  if (names.includes("all")) return BENCHMARKS;
  const chosen = names.map((name) => BENCHMARKS.find((benchmark) => benchmark.name === name));
  const known = chosen.filter((benchmark) => benchmark !== undefined);
  return known.length === 0 || known.length < names.length ? null : known;
}

await main();
