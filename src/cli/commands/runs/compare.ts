import { resolve } from "node:path";

import { compareModels, DEFAULT_TOLERANCE, type ComparedModels } from "../../../lifecycle/comparing/compare-models.ts";
import { nameSide } from "../../../lifecycle/comparing/find-side.ts";
import { parseModelReference } from "../../../model/version/model-reference.ts";
import { textOption, type RunCommand } from "../../command.ts";
import { EXIT_CODES } from "../../exit-codes.ts";
import { environmentChoice, numberOption } from "../../options/environment-choice.ts";
import { comparisonJson, differenceLines } from "../../output/answer-output.ts";
import { requireRowsFile } from "../../require-rows-file.ts";
import { searchFolder } from "../../search-folder.ts";

/** `compare`: the differential test. Fails with the exit code of a failed proof when the answers differ. */
export const run: RunCommand = async (context, input) => {
  const [reference = "", candidate = ""] = input.arguments;
  const { cwd } = context.facts;
  const tolerance = numberOption(input, "tolerance", { min: 0, max: 1, whole: false }) ?? DEFAULT_TOLERANCE;
  const rows = textOption(input, "rows");
  const file = rows === null ? null : await requireRowsFile(resolve(cwd, rows));
  const services = await context.services(await searchFolder(cwd, candidate));
  const request = {
    reference: parseModelReference(reference),
    candidate: await nameSide(services, candidate, cwd),
    rows: file,
    tolerance,
    choice: environmentChoice(input, context.facts),
  };
  const compared = await compareModels(services, request, context);
  return {
    json: {
      equal: compared.equal,
      reference: compared.reference,
      candidate: compared.candidate,
      tolerance,
      sets: compared.sets,
      ...comparisonJson(compared),
    },
    text: render(compared, tolerance),
    exitCode: compared.equal ? 0 : EXIT_CODES.proofFailed,
  };
};

function render(compared: ComparedModels, tolerance: number): string {
  const { reference, candidate, rowCount, refusedCount, differences, equal } = compared;
  const rule = `numbers may lie ${Number((tolerance * 100).toPrecision(6))} % apart, labels must be equal`;
  const who = `${reference.label} and ${candidate.label}`;
  const refused = refusedCount === 0 ? [] : [`  ${refusedCount} of the rows are refused by both.`];
  if (equal) return [`${who} agree on ${rowCount} rows (${rule}).`, ...refused].join("\n");
  const labels = { expected: reference.label, actual: candidate.label };
  return [
    `${who} differ in ${differences.length} of ${rowCount} rows (${rule}):`,
    ...differenceLines(differences, labels),
    ...refused,
  ].join("\n");
}
