import { cpus } from "node:os";

import type { Bound, Unit } from "./benchmark.ts";
import type { BenchmarkResult } from "./run-benchmark.ts";
import type { Summary } from "./statistics.ts";

const HEAD = [
  "| benchmark | ours | peer | compared, median (min – max) | bound | |",
  "| --- | --- | --- | --- | --- | --- |",
];

/** The table as the terminal and `docs/benchmarks.md` show it. */
export function renderTable(results: readonly BenchmarkResult[]): string {
  return [...HEAD, ...results.map(renderRow)].join("\n");
}

/** One line of the table. */
export function renderRow({ benchmark, ours, peer, compared, isMet }: BenchmarkResult): string {
  const { name, title, bound, unit } = benchmark;
  const cells = [
    `\`${name}\`: ${title}`,
    quantity(ours.median, unit),
    peer === null ? "" : `${benchmark.peer}: ${quantity(peer.median, unit)}`,
    renderCompared(compared, bound, unit),
    renderBound(bound, unit),
    isMet ? "met" : "**missed**",
  ];
  return `| ${cells.join(" | ")} |`;
}

/** The machine that the numbers are from. */
export function describeMachine(date: Date): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? process.arch;
  const day = date.toISOString().slice(0, 10);
  return `Measured on ${day}: ${processors.length} × ${model}, ${process.platform}, Node ${process.version.slice(1)}.`;
}

function renderCompared({ median, min, max }: Summary, bound: Bound, unit: Unit): string {
  const [shown, low, high] = [median, min, max].map((value) =>
    bound.compare === "ratio" ? `${value.toFixed(2)} ×` : quantity(value, unit),
  );
  return `${shown ?? ""} (${low ?? ""} – ${high ?? ""})`;
}

function renderBound(bound: Bound, unit: Unit): string {
  const [sign, limit] = "atMost" in bound ? ["≤", bound.atMost] : ["≥", bound.atLeast];
  switch (bound.compare) {
    case "ratio":
      return `${sign} ${limit} × peer`;
    case "difference":
      return `${sign} ${quantity(limit, unit)} more`;
    case "value":
      return `${sign} ${quantity(limit, unit)}`;
  }
}

/** Three significant digits, and none after the point of what is large. */
function quantity(value: number, unit: Unit): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${unit}`;
}
