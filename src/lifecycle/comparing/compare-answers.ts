import { Failure } from "../../kernel/failure.ts";
import { compareReplies, type ReplyComparing, type RowDifference } from "../../model/prediction/compare-replies.ts";
import type { PredictReply } from "../../model/prediction/predict-reply.ts";
import type { NamedRows } from "./ask-side.ts";

/** A difference, and in which set of rows it is. */
export interface NamedDifference extends RowDifference {
  readonly set: string;
}

export interface AnswersComparison {
  readonly equal: boolean;
  readonly rowCount: number;
  readonly comparedCount: number;
  readonly refusedCount: number;
  readonly differences: readonly NamedDifference[];
}

/**
 * Compares what two sides answered to the same sets of rows.
 * @throws Failure `SCHEMA_MISMATCH` when both refuse every row: that says nothing about the models.
 */
export function compareAnswers(
  sets: readonly NamedRows[],
  { expected, actual }: { readonly expected: readonly PredictReply[]; readonly actual: readonly PredictReply[] },
  comparing: ReplyComparing,
): AnswersComparison {
  const compared = sets.flatMap(({ name }, index) => {
    const [one, other] = [expected[index], actual[index]];
    return one === undefined || other === undefined ? [] : [{ name, ...compareReplies(one, other, comparing) }];
  });
  const sum = (count: (one: (typeof compared)[number]) => number): number =>
    compared.reduce((total, one) => total + count(one), 0);
  const rowCount = sum((one) => one.rowCount);
  const refusedCount = sum((one) => one.refusedCount);
  if (rowCount > 0 && refusedCount === rowCount) throw allRefused(expected);
  const differences = compared.flatMap(({ name, differences: found }) => found.map((one) => ({ set: name, ...one })));
  return {
    equal: differences.length === 0,
    rowCount,
    comparedCount: sum((one) => one.comparedCount),
    refusedCount,
    differences,
  };
}

function allRefused(replies: readonly PredictReply[]): Failure {
  const [first] = replies.flatMap(({ errors }) => Object.entries(errors ?? {}));
  const columns = Object.entries(first?.[1] ?? {}).map(
    ([name, messages]) => `${name || "the row"} ${messages.join(", ")}`,
  );
  return new Failure("SCHEMA_MISMATCH", {
    message: `Both models refuse every row, so there is nothing to compare. Row ${first?.[0] ?? 0}: ${columns.join("; ")}.`,
    hint: "Give rows that fit the signature: --rows file.",
  });
}
