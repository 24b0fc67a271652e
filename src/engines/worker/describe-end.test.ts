import { expect, test } from "vitest";

import { describeEnd, lastLinesOf, type EndFacts } from "./describe-end.ts";

const killed: EndFacts = { exit: { exitCode: null, signal: "SIGKILL" }, killReason: null, isOutOfMemory: false };

test("the end is told by its cause, the tool's own reason first", () => {
  expect(describeEnd(killed)).toBe("was ended by signal SIGKILL");
  expect(describeEnd({ ...killed, isOutOfMemory: true })).toMatch(/ran out of memory$/);
  expect(describeEnd({ ...killed, isOutOfMemory: true, killReason: "used too much" })).toBe("used too much");
  expect(describeEnd({ ...killed, exit: { exitCode: 3, signal: null } })).toBe("exited with code 3");
});

test("the last lines are those of this worker, not of one before it", () => {
  expect(lastLinesOf("old\n--- b ---\nnew  \n\nlast\n", "--- b ---")).toEqual(["new", "last"]);
  expect(lastLinesOf("old\n--- b ---\n", "--- b ---")).toEqual([]);
  const long = Array.from({ length: 50 }, (_, index) => `line ${index}`).join("\n");
  expect(lastLinesOf(long, "--- cut off ---")).toHaveLength(10);
});
