import { expect, test } from "vitest";

import type { OutputColumn } from "../definition/signature.ts";
import type { ExactJson } from "../ports/predictor.ts";
import { compareReplies } from "./compare-replies.ts";
import type { PredictReply, RowErrors } from "./predict-reply.ts";

const TOLERANCE = { relative: 0.05, absolute: 1e-9, labels: 0 };

function reply(predictions: readonly ExactJson[], errors: Readonly<Record<string, RowErrors>> | null = null) {
  const rows = Array.from({ length: predictions.length + Object.keys(errors ?? {}).length }, (_, row) => row);
  const good = rows.filter((row) => errors?.[String(row)] === undefined);
  return { predictions, rows: good, version: "v", errors } satisfies PredictReply;
}

function compare(left: PredictReply, right: PredictReply, outputs: readonly OutputColumn[] = []) {
  return compareReplies(left, right, { tolerance: TOLERANCE, outputs });
}

test("numbers may lie apart by the tolerance, and the row that does not is named with both values", () => {
  const { equal, comparedCount, differences } = compare(reply([1.5, 100.5, 0.2]), reply([1.55, 106, 0.2]));
  expect({ equal, comparedCount }).toEqual({ equal: false, comparedCount: 3 });
  expect(differences).toEqual([{ row: 1, expected: { prediction: 100.5 }, actual: { prediction: 106 } }]);
});

test("labels must be equal, also those that are numbers", () => {
  expect(compare(reply(["a"]), reply(["b"])).equal).toBe(false);
  expect(compare(reply([100, 7]), reply([101, 7])).differences.map(({ row }) => row)).toEqual([0]);
  const outputs: OutputColumn[] = [
    { name: "class", kind: "label" },
    { name: "score", kind: "probability" },
  ];
  const left = reply([{ class: 100, score: 0.5 }]);
  expect(compare(left, reply([{ class: 101, score: 0.51 }]), outputs).equal).toBe(false);
  expect(compare(left, reply([{ class: 100, score: 0.51 }]), outputs).equal).toBe(true);
  expect(compare(reply([[100, 0.5]]), reply([[101, 0.5]]), outputs).equal).toBe(false);
});

test("whole numbers are no labels where the signature says that they are values, or where others are broken", () => {
  expect(compare(reply([100]), reply([101]), [{ name: "price", kind: "value" }]).equal).toBe(true);
  expect(compare(reply([100, 0.5]), reply([101, 0.5])).equal).toBe(true);
});

test("a row that only one side refuses differs; one that both refuse shows nothing", () => {
  const refused = { age: ["must be a number"] };
  const left = reply([1], { "1": refused, "2": refused });
  const right = reply([1, 2], { "2": refused });
  expect(compare(left, right)).toEqual({
    equal: false,
    rowCount: 3,
    comparedCount: 1,
    refusedCount: 1,
    differences: [{ row: 1, expected: { refused }, actual: { prediction: 2 } }],
  });
});

test("replies of different length differ in the rows that only one has", () => {
  expect(compare(reply([1, 2]), reply([1])).differences).toEqual([
    { row: 1, expected: { prediction: 2 }, actual: { refused: { "": ["was not answered"] } } },
  ]);
});
