import type { AnswersComparison, NamedDifference } from "../../lifecycle/comparing/compare-answers.ts";
import type { Answer } from "../../model/prediction/compare-replies.ts";

const SHOWN_DIFFERENCES = 10;
/** In JSON. */
const LISTED_DIFFERENCES = 1_000;
const MAX_VALUE = 200;

/** A comparison of answers as programs read it. */
export function comparisonJson({ rowCount, comparedCount, refusedCount, differences }: AnswersComparison) {
  return {
    rows: { total: rowCount, compared: comparedCount, refused: refusedCount, different: differences.length },
    differences: differences.slice(0, LISTED_DIFFERENCES).map((one) => ({ ...one })),
  };
}

/** The first differing rows, each with both values and whose they are. */
export function differenceLines(
  differences: readonly NamedDifference[],
  labels: { readonly expected: string; readonly actual: string },
): readonly string[] {
  const shown = differences
    .slice(0, SHOWN_DIFFERENCES)
    .map(
      ({ set, row, expected, actual }) =>
        `  row ${row} of ${set}: ${answerText(expected)} by ${labels.expected}, ${answerText(actual)} by ${labels.actual}`,
    );
  const more = differences.length - shown.length;
  return more > 0 ? [...shown, `  … and ${more} more`] : shown;
}

function answerText(answer: Answer): string {
  if ("prediction" in answer) {
    const text = JSON.stringify(answer.prediction);
    return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE - 1)}…` : text;
  }
  const reasons = Object.entries(answer.refused).map(
    ([column, messages]) => `${column || "the row"} ${messages.join(" and ")}`,
  );
  return `refused (${reasons.join("; ")})`;
}
