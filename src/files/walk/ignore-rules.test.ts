import { expect, test } from "vitest";

import { processorTime } from "../../../tests/support/processor-time.ts";
import { parseIgnoreRules } from "./ignore-rules.ts";

test.each([
  ["old", "models/old", true],
  ["old", "models/older", false],
  ["old/", "models/old", true],
  ["/old", "old", true],
  ["/old", "models/old", false],
  ["models/old", "models/old", true],
  ["models/old", "x/models/old", false],
  ["tmp*", "models/tmp-1", true],
  ["tmp*", "models/tmp/x", false],
  ["models/*", "models/a/b", false],
  ["**/x", "a/b/x", true],
  ["a/**/x", "a/x", true],
  ["a/**", "a/b/c", true],
  ["v?", "models/v1", true],
  ["v.1+(x)", "v.1+(x)", true],
  ["v.1", "v11", false],
  ["# old", "# old", false],
  ["\\#old", "#old", true],
  ["old\r", "old", true],
  ["old\n!old", "old", false],
])("the rule %j on %j gives %s", (rules, path, isIgnored) => {
  expect(parseIgnoreRules(rules)(path)).toBe(isIgnored);
});

test("a pattern of many stars answers at once", () => {
  const computedMs = processorTime();
  parseIgnoreRules(`${"*".repeat(500)}b`)("a".repeat(250));
  expect(computedMs()).toBeLessThan(200);
});
