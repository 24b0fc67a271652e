import { describe, expect, test } from "vitest";

import fixture from "../../../tests/fixtures/metrics/scikit-learn.json" with { type: "json" };
import type { JsonValue } from "../../kernel/json.ts";
import type { OutputColumn } from "../definition/signature.ts";
import { evaluatePredictions } from "./evaluate-predictions.ts";

const LABEL: OutputColumn = { name: "label", kind: "label" };
const SHARE: OutputColumn = { name: "p", kind: "probability" };
const THREE: OutputColumn = { ...SHARE, classes: ["a", "b", "c"] };
const VALUE: OutputColumn = { name: "y", kind: "value" };

/** Metrics by name. */
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
  test.each(fixture.labels)("metrics of labels, case %#", ({ truth, predicted, positive, metrics }) => {
    const found = metricsOf([LABEL], predicted, truth, positive ?? undefined);
    expect(Object.keys(found)).toEqual(Object.keys(metrics));
    for (const [name, value] of Object.entries(metrics)) expectClose(found[name], value);
  });

  test.each(fixture.binary)("metrics of the positive class' probability, case %#", ({ truth, share, ...metrics }) => {
    const found = metricsOf([SHARE], share, truth, 1);
    expectClose(found["log_loss"], metrics.log_loss);
    if ("roc_auc" in metrics) expectClose(found["roc_auc"], metrics.roc_auc);
    else expect(found).not.toHaveProperty("roc_auc");
  });

  test.each(fixture.classes)(
    "metrics of probabilities of all classes, case %#",
    ({ classes, truth, shares, ...metrics }) => {
      const output: OutputColumn = { name: "p", kind: "probability", classes };
      const byClass = shares.map((list) =>
        Object.fromEntries(classes.map((label, index) => [label, list[index] ?? 0])),
      );
      for (const predictions of [shares, byClass]) {
        const found = metricsOf([output], predictions, truth);
        expectClose(found["log_loss"], metrics.log_loss);
        expectClose(found["roc_auc"], metrics.roc_auc);
      }
    },
  );

  test.each(fixture.values)("metrics of values, case %#", ({ truth, predicted, ...metrics }) => {
    const found = metricsOf([VALUE], predicted, truth);
    for (const [name, value] of Object.entries(metrics)) {
      if (value === null) expect(found).not.toHaveProperty(name);
      else expectClose(found[name], value);
    }
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

  test.each([
    ["the second of the label's two classes", undefined, [0.8, 0.3]],
    ["the positive one", "no", [0.2, 0.7]],
  ])("a single probability beside a label, as that of %s", (_, positive, shares) => {
    const beside = [{ ...LABEL, classes: ["no", "yes"] }, SHARE];
    const found = metricsOf(
      beside,
      shares.map((p) => ({ label: "yes", p })),
      ["yes", "no"],
      positive,
    );
    expectClose(found["log_loss"], -(Math.log(0.8) + Math.log(0.7)) / 2);
    expectClose(found["roc_auc"], 1);
  });

  test("as a list of one where there is one output", () => {
    expect(metricsOf([LABEL], [["a"], ["b"]], ["a", "a"])).toMatchObject({ accuracy: 0.5 });
  });

  test("and compared by value with truth that a file holds as text", () => {
    expect(metricsOf([LABEL], [1, true, "x", 0, 2.5], ["1", "True", "x", "0", "2.50"])).toMatchObject({ accuracy: 1 });
    expect(metricsOf([LABEL], [true, 1], [1, false])).toMatchObject({ accuracy: 0.5 });
    expect(metricsOf([LABEL], ["1", null, " ", ""], ["01", "null", 0, 0])).toMatchObject({ accuracy: 0 });
    expect(metricsOf([VALUE], [1, "2"], ["1.5", 2])).toMatchObject({ mae: 0.25, rmse: Math.sqrt(0.125) });
  });
});

describe("a metric is left out with a reason:", () => {
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

  test.each([
    [
      "ROC AUC of rows of one class",
      [{ ...SHARE, classes: ["a", "b"] }],
      [0.5, 0.2],
      ["a", "a"],
      /no row is of class "b"/,
    ],
    [
      "ROC AUC of a class that never is true",
      [THREE],
      [
        [1, 0, 0],
        [0, 1, 0],
      ],
      ["a", "b"],
      /no row is of class "c"/,
    ],
    ["R² of one row", [VALUE], [1], [2], /No R²/],
    ["MAPE of a true value of 0", [VALUE], [1, 2], [1, 0], /true value of row 1 is 0/],
  ] as const)("%s, and the other metrics stay", (_, outputs, predictions, truth, note) => {
    const { metrics, notes } = evaluatePredictions({ outputs, predictions, truth });
    expect(metrics.length).toBeGreaterThan(0);
    expect(notes).toEqual([expect.stringMatching(note)]);
  });

  test("log loss and ROC AUC are never made up from labels", () => {
    expect(Object.keys(metricsOf([LABEL], ["a"], ["a"]))).toEqual([
      "accuracy",
      "balanced_accuracy",
      "precision",
      "recall",
      "f1",
    ]);
  });
});

test("each metric says which way is better, and which class or average it is of", () => {
  const input = {
    outputs: [LABEL, { ...SHARE, classes: [0, 1] }],
    predictions: [
      [1, 0.9],
      [0, 0.2],
    ],
    truth: [1, 0],
  };
  const { metrics } = evaluatePredictions(input);
  expect(metrics.map(({ name, direction, about }) => [name, direction, about ?? ""])).toEqual([
    ["accuracy", "higher", ""],
    ["balanced_accuracy", "higher", ""],
    ["precision", "higher", "of class 1"],
    ["recall", "higher", "of class 1"],
    ["f1", "higher", "of class 1"],
    ["log_loss", "lower", ""],
    ["roc_auc", "higher", "of class 1"],
  ]);
});

test("labels that all differ are counted in no time", () => {
  const truth = Array.from({ length: 20_000 }, (_, row) => `name ${row}`);
  expect(metricsOf([LABEL], truth.toReversed(), truth)["accuracy"]).toBe(0);
});

test("another number of predictions than rows is refused", () => {
  expect(() => evaluatePredictions({ outputs: [LABEL], predictions: ["a"], truth: ["a", "b"] })).toThrow(
    "1 predictions for 2 labelled rows",
  );
});
