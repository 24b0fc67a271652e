import { expect, test } from "vitest";

import { repeatedMetrics } from "./repeated-metrics.ts";

test("what the model wrote of itself is not taken for a metric that was repeated", () => {
  const accuracy = {
    name: "accuracy",
    value: 0.9,
    direction: "higher",
    dataSet: "testX.npy",
    tolerance: 1e-9,
  } as const;
  const told = { accuracy: 0.9, loss: 0.3, optimizer: "adam" };
  expect(repeatedMetrics({ proof: { metrics: [accuracy] } }, told)).toEqual({ accuracy: 0.9 });
  expect(repeatedMetrics({ proof: { metrics: [] } }, told)).toEqual({});
  // An older tool's version tells only what was repeated.
  expect(repeatedMetrics(null, { accuracy: 0.9 })).toEqual({ accuracy: 0.9 });
});
