import * as z from "zod";

import { COMPARED_SECTIONS, type ComparedSection } from "../../../../model/run/comparing/compare-runs.ts";
import { runId } from "../fields.ts";

const fact = z.object({
  name: z.string().describe("Name of the fact; nested values by their path, for example hyperParameters.depth."),
  differs: z.boolean(),
  values: z
    .array(z.object({ run: z.number().int().nonnegative().describe("Index of the run in runs."), value: z.json() }))
    .describe("One for each run that has the fact."),
});

const facts = z.array(fact);

/** What `runs compare --json` prints. */
export const runsCompareOutput = z.object({
  runs: z.array(runId).describe("The runs that are compared."),
  sections: z
    .object(Object.fromEntries(COMPARED_SECTIONS.map((name) => [name, facts])) as Record<ComparedSection, typeof facts>)
    .describe("What differs; with --all what is equal too."),
});
