import { describe, expect, test } from "vitest";

import fixture from "../../../../tests/fixtures/metrics/scikit-learn.json" with { type: "json" };
import { rankScores, type RankedScores } from "../formulas/ranked-scores.ts";
import { labelScores } from "../scores/label-scores.ts";
import { calibrationBins } from "./calibration.ts";
import { confusionMatrix } from "./confusion-matrix.ts";
import { thinned, type CurvePoint } from "./curve.ts";
import { histogramOf } from "./histogram.ts";
import { averagePrecision, precisionRecallCurve, rocCurve } from "./rank-curves.ts";
import { residualsOf } from "./residuals.ts";

interface BinaryCase {
  readonly truth: readonly number[];
  readonly share: readonly number[];
  readonly roc: readonly (readonly number[])[];
  readonly precisionRecall: readonly (readonly number[])[];
  readonly average_precision: number;
  readonly calibration: readonly (readonly number[])[];
}

/** One row alone has no curves. */
const BINARY = fixture.binary.filter((one) => "roc" in one) as readonly BinaryCase[];

function scoresOf({ share, truth }: { readonly share: readonly number[]; readonly truth: readonly number[] }) {
  return { shares: Float64Array.from(share), isOf: Uint8Array.from(truth) };
}

function rankedOf(one: { readonly share: readonly number[]; readonly truth: readonly number[] }): RankedScores {
  return rankScores(scoresOf(one));
}

function expectPoints(actual: readonly CurvePoint[], expected: readonly (readonly [number, number])[]): void {
  expect(actual).toHaveLength(expected.length);
  for (const [index, [x, y]] of actual.entries()) {
    expect(x).toBeCloseTo(expected[index]?.[0] ?? Number.NaN, 12);
    expect(y).toBeCloseTo(expected[index]?.[1] ?? Number.NaN, 12);
  }
}

function pairs(lists: readonly (readonly number[])[]): readonly (readonly [number, number])[] {
  const [xs = [], ys = []] = lists;
  return xs.map((x, index) => [x, ys[index] ?? Number.NaN]);
}

describe("scikit-learn draws the same", () => {
  test.each(BINARY)("ROC curve, case %#", (one) => {
    expectPoints(rocCurve(rankedOf(one)), pairs(one.roc));
  });

  test.each(BINARY)("precision–recall curve and its average, case %#", (one) => {
    const curve = precisionRecallCurve(rankedOf(one));
    const [precision = [], recall = []] = one.precisionRecall;
    expectPoints(curve, pairs([recall.toReversed(), precision.toReversed()]));
    expect(averagePrecision(curve)).toBeCloseTo(one.average_precision, 12);
  });

  test.each(BINARY)("calibration, case %#", (one) => {
    const bins = calibrationBins(scoresOf(one));
    expectPoints(
      bins.map(({ meanPredicted, observedShare }) => [meanPredicted, observedShare]),
      pairs(one.calibration),
    );
    expect(bins.reduce((sum, { rowCount }) => sum + rowCount, 0)).toBe(one.truth.length);
  });

  test.each(fixture.labels)("confusion matrix, case %#", ({ truth, predicted, labels, confusion }) => {
    const scores = labelScores(truth, predicted, { classes: labels, positive: undefined });
    expect(confusionMatrix(scores)).toEqual({
      labels: labels.map((label) => (typeof label === "string" ? label : JSON.stringify(label))),
      counts: confusion,
    });
  });
});

test("the rarer of many classes are put together, and no row is lost", () => {
  const truth = Array.from({ length: 1_000 }, (_, row) => row % 40);
  const { labels, counts } = confusionMatrix(labelScores(truth, truth, { classes: undefined, positive: undefined }));
  expect(labels).toHaveLength(15);
  expect(labels.at(-1)).toBe("26 others");
  expect(counts.flat().reduce((sum, count) => sum + count, 0)).toBe(1_000);
});

test("a curve is thinned without moving its ends, and straight stretches need two points", () => {
  const line = Array.from({ length: 1_001 }, (_, index): CurvePoint => [index / 1_024, 0.5]);
  expect(thinned(line)).toEqual([
    [0, 0.5],
    [1_000 / 1_024, 0.5],
  ]);
  const steps = Array.from({ length: 5_000 }, (_, index): CurvePoint => [index / 5_000, (index / 5_000) ** 2]);
  const kept = thinned(steps);
  expect(kept.length).toBeLessThanOrEqual(200);
  expect([kept[0], kept.at(-1)]).toEqual([steps[0], steps.at(-1)]);
});

test("a histogram counts every finite value once", () => {
  expect(histogramOf(Float64Array.of(0, 1, 2, 3, 4, Number.NaN), 4)).toEqual({ low: 0, high: 4, counts: [1, 1, 1, 2] });
  expect(histogramOf(Float64Array.of(5, 5), 10)).toEqual({ low: 5, high: 5, counts: [2] });
  expect(histogramOf(Float64Array.of(-1.7e308, 1.7e308), 2)).toMatchObject({ counts: [1, 1] });
  expect(histogramOf(Float64Array.of(), 10)).toBeNull();
});

test("residuals are the truth less the prediction, and points are an even share of the rows", () => {
  expect(residualsOf(Float64Array.of(3, 5), Float64Array.of(1, 6)).points).toEqual([
    [1, 2],
    [6, -1],
  ]);
  const many = Float64Array.from({ length: 10_000 }, (_, row) => row);
  const { points, histogram } = residualsOf(
    many,
    many.map((value) => value + 1),
  );
  expect(points).toHaveLength(500);
  expect(points.at(-1)).toEqual([9_981, -1]);
  expect(histogram).toEqual({ low: -1, high: -1, counts: [10_000] });
});
