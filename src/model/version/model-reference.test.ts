import { expect, test } from "vitest";

import { formatModelReference, isName, parseModelReference, parseName, storeName } from "./model-reference.ts";

test.each(["churn", "churn@champion", "churn@20261120-101500UTC", "a.b-c_d@v1.2"])(
  "%s is read and printed the same",
  (text) => {
    expect(formatModelReference(parseModelReference(text))).toBe(text);
  },
);

test.each([
  "",
  "@",
  "churn@",
  "@champion",
  "a@b@c",
  "../x",
  "a/b",
  ".hidden",
  "-flag",
  "a..b",
  "a b",
  "ends.",
  "x".repeat(129),
])("%j is no reference", (text) => {
  expect(() => parseModelReference(text)).toThrow(/is not a model reference/);
});

test("a wrong name is refused by what it should have named", () => {
  expect(() => parseName("a/b", "alias")).toThrow('"a/b" cannot be the name of an alias.');
});

test.each([
  ["Python XGBoost (Diabetes)", "python-xgboost-diabetes"],
  ["Größe der Häuser", "grosse-der-hauser"],
  ["  .. ", "model"],
  ["日本", "model"],
  ["v1..2", "v1.2"],
])("the store name of %j is %j, and a name", (name, expected) => {
  expect(storeName(name)).toBe(expected);
  expect(isName(storeName(name))).toBe(true);
});
