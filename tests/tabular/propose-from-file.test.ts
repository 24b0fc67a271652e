import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { expect, test } from "vitest";

import { proposeSignature } from "../../src/model/definition/propose-signature.ts";
import type { Signature } from "../../src/model/definition/signature.ts";
import { checkSignature } from "../../src/model/definition/signature-rules.ts";
import { TableSummarizer } from "../../src/model/definition/table-summary.ts";
import { streamTable } from "../../src/tabular/read-rows.ts";

const PENGUINS = resolve(import.meta.dirname, "../../examples/penguins");

async function proposeFor(path: string, target: string): Promise<Signature> {
  const summarizer = new TableSummarizer();
  for await (const row of streamTable(path)) summarizer.add(row);
  return proposeSignature(summarizer.summary(), { target, features: null });
}

test("the proposal from the training data is what a reviewer began with", async () => {
  const proposal = await proposeFor(resolve(PENGUINS, "data/penguins-train.csv"), "species");
  const reviewed = JSON.parse(
    await readFile(resolve(PENGUINS, "model_definitions/penguin-species/signature.json"), "utf8"),
  ) as Signature;
  expect(checkSignature(proposal)).toEqual([]);
  const facts = ({ columns }: Signature): unknown[] =>
    columns.map(({ name, type, nullable = false, categories }) => ({ name, type, nullable, categories }));
  expect(facts(proposal)).toEqual(facts(reviewed));
  expect(proposal.outputs).toEqual([reviewed.outputs[0]]);
  expect(proposal.columns[4]?.description).toBe("Seen: 2700 to 6300. Null in 1 of 224 rows.");
});

test("rows that are read by the signature keep it", async () => {
  const path = resolve(PENGUINS, "data/penguins-test.csv");
  const { columns } = await proposeFor(resolve(PENGUINS, "data/penguins-train.csv"), "species");
  const untyped: unknown[] = [];
  for await (const row of streamTable(path)) untyped.push(row);
  const typed: unknown[] = [];
  for await (const row of streamTable(path, { columns })) typed.push(row);
  expect(typed).toEqual(untyped);
  expect(typed).toHaveLength(120);
});
