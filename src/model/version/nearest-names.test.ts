import { expect, test } from "vitest";

import { nearestNames } from "./nearest-names.ts";

const KNOWN = ["churn", "churn-eu", "diabetes", "penguin-species", "Fraud", "iv"];

test.each([
  ["chrun", ["churn"]],
  ["chur", ["churn", "churn-eu"]],
  ["churns", ["churn"]],
  ["penguin", ["penguin-species"]],
  ["fraud", ["Fraud"]],
  ["diabtes", ["diabetes"]],
  ["vi", ["iv"]],
  ["weather", []],
  ["x", []],
])("who writes %s may have meant %j", (written, names) => {
  expect(nearestNames(written, KNOWN)).toEqual(names);
});

test("at most three are told", () => {
  expect(nearestNames("model-1", ["model-2", "model-3", "model-4", "model-5"])).toHaveLength(3);
});
