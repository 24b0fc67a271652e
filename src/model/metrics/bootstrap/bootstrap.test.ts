import { expect, test } from "vitest";

import fixture from "../../../../tests/fixtures/metrics/scikit-learn.json" with { type: "json" };
import type { JsonValue } from "../../../kernel/json.ts";
import { scorePredictions, type EvaluationInput } from "../evaluate-predictions.ts";
import { bootstrapIntervals, planBootstrap, quantile, type Interval } from "./bootstrap.ts";
import { randomRows } from "./random-rows.ts";

function intervalsOf(input: EvaluationInput): Readonly<Record<string, Interval | null | undefined>> {
  const groups = scorePredictions(input).flatMap(({ resampled }) => resampled);
  const plan = planBootstrap(input.truth.length);
  const found = bootstrapIntervals(
    groups.map(({ compute }) => compute),
    input.truth.length,
    plan,
  );
  return Object.fromEntries(
    groups.flatMap(({ names }, group) => names.map((name, index) => [name, found[group]?.[index]])),
  );
}

/** Both are estimates from some thousand draws: their ends may lie a tenth of the width apart. */
function expectAlike(actual: Interval | null | undefined, [low = 0, high = 0]: readonly number[], name: string): void {
  const tolerance = (high - low) / 10;
  expect(Math.abs((actual?.low ?? Number.NaN) - low), `${name}, low`).toBeLessThanOrEqual(tolerance);
  expect(Math.abs((actual?.high ?? Number.NaN) - high), `${name}, high`).toBeLessThanOrEqual(tolerance);
}

test("resampling rows and computing every metric anew with scikit-learn gives the same intervals", () => {
  const { truth, label, share, intervals } = fixture.intervals;
  const found = intervalsOf({
    outputs: [
      { name: "label", kind: "label" },
      { name: "share", kind: "probability" },
    ],
    predictions: label.map((one, row): JsonValue => [one, share[row] ?? 0]),
    truth,
    positive: 1,
  });
  for (const [name, expected] of Object.entries(intervals)) expectAlike(found[name], expected, name);
});

test("the same for values", () => {
  const { truth, predicted, intervals } = fixture.valueIntervals;
  const found = intervalsOf({ outputs: [{ name: "y", kind: "value" }], predictions: predicted, truth });
  for (const [name, expected] of Object.entries(intervals)) expectAlike(found[name], expected, name);
});

test("intervals are the same every time, and there are fewer resamples for more rows", () => {
  const input = { outputs: [{ name: "y", kind: "value" }], predictions: [1, 2, 4], truth: [1, 3, 3] } as const;
  expect(intervalsOf(input)).toEqual(intervalsOf(input));
  expect(planBootstrap(150)).toEqual({ method: "percentile", level: 0.95, resamples: 1_000, seed: 42 });
  expect(planBootstrap(20_000).resamples).toBe(500);
  expect(planBootstrap(10_000_000).resamples).toBe(200);
});

test("a metric that many resamples do not define has no interval", () => {
  const outputs = [{ name: "p", kind: "probability" }] as const;
  const found = intervalsOf({ outputs, predictions: [0.1, 0.9], truth: [0, 1], positive: 1 });
  expect(found["roc_auc"]).toBeNull();
  expect(found["log_loss"]).not.toBeNull();
});

test("row numbers are spread evenly, differ by seed, and repeat for the same seed", () => {
  const counts = new Array<number>(10).fill(0);
  const next = randomRows(42, 10);
  for (let draw = 0; draw < 100_000; draw++) {
    const row = next();
    counts[row] = (counts[row] ?? 0) + 1;
  }
  // Nine degrees of freedom: a fair generator is above this once in a thousand seeds.
  const chiSquared = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  expect(chiSquared).toBeLessThan(27.88);
  const draw = (seed: number) => Array.from({ length: 20 }, randomRows(seed, 1_000));
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

test("quantiles lie between the two nearest values, as NumPy's do", () => {
  expect(quantile(Float64Array.of(1, 2, 3, 4), 0.25)).toBe(1.75);
  expect(quantile(Float64Array.of(7), 0.975)).toBe(7);
});
