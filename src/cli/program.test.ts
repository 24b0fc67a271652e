import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { COMMANDS } from "./command-table.ts";
import { parseCommandLine } from "./program.ts";

beforeEach(() => {
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
});

function parse(...argv: readonly string[]) {
  return parseCommandLine(COMMANDS, argv, "1.2.3");
}

test("a command is found with what was typed, and nothing is made up", () => {
  expect(parse("train", "churn", "--data", "march.json", "--publish")).toMatchObject({
    spec: { name: "train" },
    input: { arguments: ["churn"], options: { data: "march.json", publish: true } },
  });
});

test("a command of two words is one command", () => {
  expect(parse("alias", "set", "churn", "champion")).toMatchObject({
    spec: { name: "alias set" },
    input: { arguments: ["churn", "champion"] },
  });
});

test("repeatable options gather their values", () => {
  expect(parse("train", "--pass-env", "A", "--pass-env", "B")).toMatchObject({
    input: { options: { passEnv: ["A", "B"] } },
  });
});

test.each([
  [["train", "--bogus"]],
  [["bogus"]],
  [["add"]],
  [["add", "x", "--language", "cobol"]],
  [["list", "a", "b"]],
  [["alias"]],
])("%j is a usage error", (argv) => {
  expect(parse(...argv)).toEqual({ exitCode: 2 });
});

test.each([[[]], [["--help"]], [["--version"]], [["train", "--help"]]])("%j is answered with success", (argv) => {
  expect(parse(...argv)).toEqual({ exitCode: 0 });
});
