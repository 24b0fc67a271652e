import { describe, expect, test } from "vitest";

import fixture from "../../../tests/fixtures/metrics/scikit-learn.json" with { type: "json" };
import type { JsonValue } from "../../kernel/json.ts";
import type { OutputColumn } from "../definition/signature.ts";
import { evaluatePredictions } from "./evaluate-predictions.ts";

const LABEL: OutputColumn = { name: "label", kind: "label" };
const SHARE: OutputColumn = { name: "p", kind: "probability" };
const VALUE: OutputColumn = { name: "y", kind: "value" };

function metricsOf(
  outputs: readonly OutputColumn[],
  predictions: readonly JsonValue[],
  truth: readonly JsonValue[],
  positive?: JsonValue,
): Record<string, number> {
  const { metrics } = evaluatePredictions({ outputs, predictions, truth, positive });
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

function expectClose(actual: number | undefined, expected: number): void {
  expect(Math.abs((actual ?? Number.NaN) - expected)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(expected)));
}

describe("scikit-learn computes the same", () => {
  test.each(fixture.labels)("accuracy, case %#", ({ truth, predicted, accuracy }) => {
    expectClose(metricsOf([LABEL], predicted, truth)["accuracy"], accuracy);
  });

  test.each(fixture.binary)("log loss of the positive class, case %#", ({ truth, share, log_loss }) => {
    expectClose(metricsOf([SHARE], share, truth, 1)["log_loss"], log_loss);
  });

  test.each(fixture.classes)("log loss of a list over classes, case %#", ({ classes, truth, shares, log_loss }) => {
    const output: OutputColumn = { name: "p", kind: "probability", classes };
    expectClose(metricsOf([output], shares, truth)["log_loss"], log_loss);
    const byClass = shares.map((list) => Object.fromEntries(classes.map((label, index) => [label, list[index] ?? 0])));
    expectClose(metricsOf([output], byClass, truth)["log_loss"], log_loss);
  });

  test.each(fixture.values)("MAE and RMSE, case %#", ({ truth, predicted, mae, rmse }) => {
    const metrics = metricsOf([VALUE], predicted, truth);
    expectClose(metrics["mae"], mae);
    expectClose(metrics["rmse"], rmse);
  });
});

describe("predictions are understood", () => {
  const outputs = [LABEL, { ...SHARE, classes: ["no", "yes"] }];

  test.each([
    ["as objects by output name", [{ label: "yes", p: 0.8 }]],
    ["as lists in the order of the outputs", [["yes", 0.8]]],
    ["with a list over classes inside", [{ label: "yes", p: [0.2, 0.8] }]],
    ["with an object by class inside", [["yes", { no: 0.2, yes: 0.8 }]]],
  ])("%s", (_, predictions) => {
    const metrics = metricsOf(outputs, predictions, ["yes"]);
    expect(metrics["accuracy"]).toBe(1);
    expectClose(metrics["log_loss"], -Math.log(0.8));
  });

  test("as a list of one where there is one output", () => {
    expect(metricsOf([LABEL], [["a"], ["b"]], ["a", "a"])).toEqual({ accuracy: 0.5 });
  });

  test("and compared by value with truth that a file holds as text", () => {
    expect(metricsOf([LABEL], [1, true, "x", 0, 2.5], ["1", "True", "x", "0", "2.50"])).toEqual({ accuracy: 1 });
    expect(metricsOf([LABEL], [true, 1], [1, false])).toEqual({ accuracy: 0.5 });
    expect(metricsOf([LABEL], ["1", null, " ", ""], ["01", "null", 0, 0])).toEqual({ accuracy: 0 });
    expect(metricsOf([VALUE], [1, "2"], ["1.5", 2])).toEqual({ mae: 0.25, rmse: Math.sqrt(0.125) });
  });
});

describe("a metric is left out with a reason", () => {
  test.each([
    ["nothing says what a prediction is", [], ["a"], ["a"], /declares no "outputs"/],
    ["there are no rows", [LABEL], [], [], /no labelled rows/],
    [
      "an output is missing in one row",
      [LABEL],
      [{ label: "a" }, { lable: "a" }],
      ["a", "a"],
      /row 1 does not have it/,
    ],
    ["a single probability of nobody knows what", [SHARE], [0.5], ["a"], /Declare "classes"/],
    ["a probability over 1", [{ ...SHARE, classes: ["a", "b"] }], [[1.5, 0]], ["a"], /row 0 gives no probability/],
    ["a probability that is NaN", [{ ...SHARE, classes: ["a", "b"] }], ["NaN"], ["a"], /row 0 gives no probability/],
    ["a true class that the model does not know", [{ ...SHARE, classes: ["a", "b"] }], [0.5], ["c"], /true class "c"/],
    ["a value that is no number", [VALUE], [1, null], [1, 2], /prediction "y" of row 1 is not a number/],
    ["a truth that is no number", [VALUE], [1], ["high"], /true value of row 0/],
  ] as const)("%s", (_, outputs, predictions, truth, note) => {
    const { metrics, notes } = evaluatePredictions({ outputs, predictions, truth });
    expect(metrics).toEqual([]);
    expect(notes).toEqual([expect.stringMatching(note)]);
  });

  test("log loss is never made up from labels", () => {
    expect(metricsOf([LABEL], ["a"], ["a"])).toEqual({ accuracy: 1 });
  });
});

test("each metric says which way is better", () => {
  const input = { outputs: [LABEL, { ...SHARE, classes: [0, 1] }], predictions: [[1, 0.9]], truth: [1] };
  expect(evaluatePredictions(input).metrics.map(({ name, direction }) => [name, direction])).toEqual([
    ["accuracy", "higher"],
    ["log_loss", "lower"],
  ]);
});

test("another number of predictions than rows is refused", () => {
  expect(() => evaluatePredictions({ outputs: [LABEL], predictions: ["a"], truth: ["a", "b"] })).toThrow(
    "1 predictions for 2 labelled rows",
  );
});
