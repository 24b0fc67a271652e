import { describe, expect, test } from "vitest";

import type { ExactJson } from "../ports/predictor.ts";
import { comparePredictions, OTHER_ENVIRONMENT, SAME_ENVIRONMENT, type Tolerance } from "./tolerance.ts";

function areEqual(expected: ExactJson, actual: ExactJson, tolerance: Tolerance = SAME_ENVIRONMENT): boolean {
  return comparePredictions([expected], [actual], tolerance).equal;
}

describe("floats", () => {
  test("may differ by the relative tolerance, near zero by the absolute one", () => {
    expect(areEqual(1.5, 1.5 * (1 + 9e-7))).toBe(true);
    expect(areEqual(1.5, 1.5 * (1 + 2e-6))).toBe(false);
    expect(areEqual(0, 5e-13)).toBe(true);
    expect(areEqual(0, 5e-12)).toBe(false);
    expect(areEqual(1.5, 1.50001, OTHER_ENVIRONMENT)).toBe(true);
  });

  test("are compared however deep they lie", () => {
    expect(areEqual({ p: [0.25, 0.75] }, { p: [0.25, 0.75 + 1e-9] })).toBe(true);
    expect(areEqual({ p: [0.25, 0.75] }, { p: [0.25, 0.76] })).toBe(false);
    expect(areEqual([0.1], [0.1, 0.2])).toBe(false);
    expect(areEqual({ p: 0.1 }, { q: 0.1 })).toBe(false);
  });
});

describe("labels", () => {
  test("must be equal within one environment", () => {
    for (const [a, b] of [
      ["x", "y"],
      [1, 2],
      [true, false],
      [null, "x"],
      ["1", 1],
      [1n, 2n],
    ] as const)
      expect(areEqual(a, b), `${a} ${b}`).toBe(false);
    expect(areEqual("x", "x")).toBe(true);
  });

  test("may differ in as large a part of the rows as the tolerance says, and no larger", () => {
    const expected = Array.from({ length: 1000 }, () => "yes");
    const one = ["no", ...expected.slice(1)];
    const two = ["no", "no", ...expected.slice(2)];
    expect(comparePredictions(expected, one, OTHER_ENVIRONMENT)).toEqual({ equal: true, differences: [] });
    expect(comparePredictions(expected, two, OTHER_ENVIRONMENT).differences.map(({ row }) => row)).toEqual([0, 1]);
  });

  test("do not hide a float that differs", () => {
    const expected = [...Array.from({ length: 1000 }, () => "yes"), 0.5];
    const actual = ["no", ...expected.slice(1, 1000), 0.6];
    expect(comparePredictions(expected, actual, OTHER_ENVIRONMENT).differences.map(({ row }) => row)).toEqual([1000]);
  });
});

test("integers beyond 2^53 are compared exactly, and with doubles as far as those can tell", () => {
  expect(areEqual(9007199254740993n, 9007199254740993n)).toBe(true);
  expect(areEqual(9007199254740993n, 9007199254740995n)).toBe(false);
  expect(areEqual(9007199254740992, 9007199254740993n)).toBe(true);
  expect(areEqual(9007199254740993n, 9007199254740992)).toBe(true);
  expect(areEqual(9007199254740993n, 1)).toBe(false);
});

test("answers of different length differ in the rows that one of them lacks", () => {
  expect(comparePredictions([1.5, 2.5], [1.5], SAME_ENVIRONMENT)).toEqual({
    equal: false,
    differences: [{ row: 1, expected: 2.5, actual: null }],
  });
});

test("a difference is told in plain JSON", () => {
  expect(comparePredictions([1], [2n ** 60n], SAME_ENVIRONMENT).differences).toEqual([
    { row: 0, expected: 1, actual: "1152921504606846976" },
  ]);
});
