import { expect, test } from "vitest";

import { processorTime } from "../../../../../tests/support/processor-time.ts";
import { translatePoetryVersion } from "./poetry-version.ts";

// The ranges are those of https://python-poetry.org/docs/dependency-specification/.
test.each([
  ["^1.2.3", ">=1.2.3,<2"],
  ["^1.2", ">=1.2,<2"],
  ["^1", ">=1,<2"],
  ["^0.2.3", ">=0.2.3,<0.3"],
  ["^0.0.3", ">=0.0.3,<0.0.4"],
  ["^0.0", ">=0.0,<0.1"],
  ["^0", ">=0,<1"],
  ["^1.0.0-beta.2", ">=1.0.0-beta.2,<2"],
  ["^1!2.3", ">=1!2.3,<1!3"],
  ["~1.2.3", ">=1.2.3,<1.3"],
  ["~1.2", ">=1.2,<1.3"],
  ["~1", ">=1,<2"],
  ["~=1.4.2", "~=1.4.2"],
  ["*", ""],
  ["1.*", "==1.*"],
  ["1.2.*", "==1.2.*"],
  ["==1.2.*", "==1.2.*"],
  ["!=1.2.*", "!=1.2.*"],
  ["1.10", "==1.10"],
  ["=1.2.3", "==1.2.3"],
  ["== 1.2.3", "==1.2.3"],
  ["===1.2.3", "===1.2.3"],
  [">= 1.2,  < 1.5", ">=1.2,<1.5"],
  [">=1.2 <1.5", ">=1.2,<1.5"],
  [" >1.2 , !=1.3 ", ">1.2,!=1.3"],
  ["v1.2", "==1.2"],
])("%s is %s for pip", (text, specifier) => {
  expect(translatePoetryVersion(text)?.map((clauses) => clauses.join(","))).toEqual([specifier]);
});

test("each alternative is a range of its own", () => {
  expect(translatePoetryVersion("~2.7 || ^3.6 | 4.*")).toEqual([[">=2.7", "<2.8"], [">=3.6", "<4"], ["==4.*"]]);
});

test.each(["", "latest", "^", "^1.*", "~1.*", ">=1.*", ">*", "~=1", "1.0 - 2.0", "^1 ||", "1.0rc1.*", ",", "1,,2"])(
  "%j is no constraint",
  (text) => {
    expect(translatePoetryVersion(text)).toBeNull();
  },
);

test("very long text is answered at once", () => {
  const computedMs = processorTime();
  for (const text of [" ".repeat(1e6), `1${" ".repeat(1e6)}x`, "9".repeat(1e6), "1.".repeat(5e5), "^".repeat(1e6)])
    expect(translatePoetryVersion(text)).toBeNull();
  expect(computedMs()).toBeLessThan(2000);
});
