import { expect, onTestFinished, test } from "vitest";

import { predictionClient } from "../../src/http-client/prediction-client.ts";
import { testEndpoint } from "../../src/lifecycle/predicting/test-endpoint.ts";
import { OTHER_ENVIRONMENT } from "../../src/model/prediction/tolerance.ts";
import { startPredictionServer } from "../support/prediction-server.ts";

test("an answer beyond tolerance and a refused row each fail, and are told apart", async () => {
  const server = await startPredictionServer();
  onTestFinished(() => server.stop());
  const expected = {
    rows: [{ age: 1 }, { age: "old" }, { age: 3 }, { age: 4 }],
    predictions: [1, 2, 3.5, 4.00001],
    tolerance: OTHER_ENVIRONMENT,
  };
  const subject = { model: "churn", version: "v7", expected };
  const report = await testEndpoint(predictionClient(server.url), subject, new AbortController().signal);
  expect(report.passed).toBe(false);
  expect(report.rows.map(({ verdict }) => verdict)).toEqual(["equal", "refused", "different", "equal"]);
  expect(report.rows[1]).toMatchObject({ actual: null, errors: { age: ["must be an integer"] } });
});
