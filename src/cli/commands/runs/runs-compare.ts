import { Failure } from "../../../kernel/failure.ts";
import type { JsonValue } from "../../../kernel/json.ts";
import {
  compareRuns,
  COMPARED_SECTIONS,
  type ComparedFact,
  type RunComparison,
} from "../../../model/run/comparing/compare-runs.ts";
import { isGiven, type RunCommand } from "../../command.ts";
import { metric, table } from "../../output/text.ts";

const MAX_CELL = 40;

/** `runs compare`: what differs, section by section; with `--all` what is equal too. */
export const run: RunCommand = async (context, input) => {
  if (input.arguments.length < 2) {
    throw new Failure("USAGE", {
      message: "runs compare takes two runs or more.",
      hint: "For example: modelwright runs compare 20261121-101500 latest",
    });
  }
  const { runs } = await context.services();
  const records = await Promise.all(input.arguments.map((id) => runs.read(id)));
  const comparison = compareRuns(records);
  const isAll = isGiven(input, "all");
  const chosen = (facts: readonly ComparedFact[]) => facts.filter(({ differs }) => isAll || differs);
  const sections = COMPARED_SECTIONS.map((name) => ({ name, facts: chosen(comparison.sections[name]) }));
  return {
    json: {
      runs: comparison.runs,
      sections: Object.fromEntries(sections.map(({ name, facts }) => [name, facts.map(factJson)])),
    },
    text: render(comparison, sections),
  };
};

/** JSON has no undefined: a value that a run does not have is left out, by the index of its run. */
function factJson({ name, values, differs }: ComparedFact) {
  const present = values.flatMap((value, run) => (value === undefined ? [] : [{ run, value }]));
  return { name, differs, values: present };
}

interface ShownSection {
  readonly name: string;
  readonly facts: readonly ComparedFact[];
}

function render({ runs }: RunComparison, sections: readonly ShownSection[]): string {
  const filled = sections.filter(({ facts }) => facts.length > 0);
  if (filled.length === 0) return "These runs do not differ in anything that is recorded.";
  const rows = filled.flatMap(({ name, facts }, index) => [
    ...(index === 0 ? [] : [[""]]),
    [name.toUpperCase()],
    ...facts.map((fact) => [`  ${fact.name}`, ...fact.values.map(cell)]),
  ]);
  return table(
    ["", ...runs],
    rows.map((row) => [...row, ...Array<string>(runs.length + 1 - row.length).fill("")]),
  );
}

function cell(value: JsonValue | undefined): string {
  if (value === undefined) return "–";
  const text = typeof value === "string" || typeof value === "number" ? metric(value) : JSON.stringify(value);
  return text.length > MAX_CELL ? `${text.slice(0, MAX_CELL - 1)}…` : text;
}
