import { expect, test } from "vitest";

import { parseVersion, versionAfter } from "./version-text.ts";

test.each([
  ["1.10", { text: "1.10", epoch: "", release: [1n, 10n], isPlain: true }],
  ["v2", { text: "2", epoch: "", release: [2n], isPlain: true }],
  ["1!2.0", { text: "1!2.0", epoch: "1!", release: [2n, 0n], isPlain: true }],
  ["1.0-beta.2", { text: "1.0-beta.2", epoch: "", release: [1n, 0n], isPlain: false }],
  ["1.0.post1.dev3+cpu.1", { text: "1.0.post1.dev3+cpu.1", epoch: "", release: [1n, 0n], isPlain: false }],
])("%s is a version", (text, version) => {
  expect(parseVersion(text)).toEqual(version);
});

test.each(["", "1.", ".1", "1.1.1k", "9x", "latest", "1.*", "1 2", "1!", "-1"])("%j is no version", (text) => {
  expect(parseVersion(text)).toBeNull();
});

test("what no one would write is no version, and is told so at once", () => {
  expect(parseVersion("1".repeat(1_000_000))).toBeNull();
});

test.each([
  ["1.2.3", 1, "2"],
  ["1.9.3", 2, "1.10"],
  ["1!0.0.3", 3, "1!0.0.4"],
  ["20240101123456789012", 1, "20240101123456789013"],
])("after %s by %i numbers comes %s", (text, length, after) => {
  const version = parseVersion(text);
  expect(version === null ? null : versionAfter(version, length)).toBe(after);
});
