import { reproduceRun, type Reproduction } from "../../../lifecycle/reproducing/reproduce-run.ts";
import { DIFFERENCE_TOPICS } from "../../../model/run/comparing/explain-differences.ts";
import type { RunCommand } from "../../command.ts";
import { EXIT_CODES } from "../../exit-codes.ts";
import { environmentChoice } from "../../options/environment-choice.ts";
import { runLimits } from "../../options/run-options.ts";
import { comparisonJson, differenceLines } from "../../output/answer-output.ts";
import { topicLines, topicsJson } from "../../output/topic-output.ts";

/** What may make two trainings differ: metrics, signature and artifacts are what comes out. */
const CAUSES = DIFFERENCE_TOPICS.filter((topic) => !["metrics", "signature", "artifacts"].includes(topic));
const OUTCOMES = ["artifacts", "metrics"] as const;

/** `reproduce`: trains a run again and compares the answers. Fails with the exit code of a failed proof when they differ. */
export const run: RunCommand = async (context, input) => {
  const services = await context.services();
  const record = await services.runs.read(input.arguments[0] ?? "");
  const choice = environmentChoice(input, context.facts);
  const outcome = await reproduceRun(services, { run: record, choice, ...runLimits(input) }, context);
  const { original, repeated, reproduced, answers, differences, notes, tolerance } = outcome;
  return {
    json: {
      reproduced,
      run: original.id,
      repeatedBy: repeated.id,
      tolerance,
      answers: answers === null ? null : comparisonJson(answers),
      differences: topicsJson(differences),
      notes,
    },
    text: render(outcome),
    exitCode: reproduced ? 0 : EXIT_CODES.proofFailed,
  };
};

function render(outcome: Reproduction): string {
  const { reproduced, repeated, answers, differences, notes } = outcome;
  const isCaused = CAUSES.some((topic) => differences[topic].state === "different");
  const labels = { expected: "the run", actual: `its repetition` };
  return [
    headline(outcome),
    ...differenceLines(answers?.differences ?? [], labels),
    ...topicLines(differences, [...CAUSES, ...OUTCOMES]),
    ...notes.map((note) => `  ${note}`),
    ...(reproduced || isCaused ? [] : [NOT_DETERMINISTIC]),
    `Next: modelwright runs show ${repeated.id}`,
  ].join("\n");
}

const NOT_DETERMINISTIC =
  "  Everything that is recorded is the same, so the training is not deterministic: it uses a generator without a seed, threads, or the time.";

function headline({ reproduced, original, repeated, answers, tolerance }: Reproduction): string {
  const verdict = reproduced ? "reproduced" : "NOT reproduced";
  if (answers === null) {
    return `Run ${original.id} is ${verdict} by run ${repeated.id}: the artifacts have ${reproduced ? "the same" : "other"} bytes.`;
  }
  const { rowCount, differences } = answers;
  const rows = `${rowCount} ${rowCount === 1 ? "row" : "rows"}`;
  const rule = `numbers within ${tolerance?.relative ?? 0}, labels equal`;
  const found = reproduced
    ? `the same answers to ${rows} (${rule}).`
    : `other answers to ${differences.length} of ${rows} (${rule}):`;
  return `Run ${original.id} is ${verdict} by run ${repeated.id}: ${found}`;
}
