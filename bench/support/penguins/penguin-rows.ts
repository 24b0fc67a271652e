import { readFileSync } from "node:fs";

import { inRepository } from "../harness/repository.ts";

/** A penguin as clients send it. */
export type PenguinRow = Readonly<Record<string, string | number | null>>;

const TEXTS = ["species", "island", "sex"];

/** The example's test set as rows, its target taken out. */
export function penguinRows(): readonly PenguinRow[] {
  const text = readFileSync(inRepository("examples/penguins/data/penguins-test.csv"), "utf8");
  const [header = "", ...lines] = text.trimEnd().split("\n");
  const names = header.split(",");
  return lines.map((line) => {
    const cells = line.split(",");
    const fields = names.map((name, index) => [name, valueOf(name, cells[index] ?? "NA")] as const);
    return Object.fromEntries(fields.filter(([name]) => name !== "species"));
  });
}

function valueOf(name: string, cell: string): string | number | null {
  if (cell === "NA") return null;
  return TEXTS.includes(name) ? cell : Number(cell);
}
