import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { COMMANDS } from "./command-table.ts";
import { parseCommandLine } from "./program.ts";

let printed: unknown[] = [];
beforeEach(() => {
  printed = [];
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  vi.spyOn(process.stderr, "write").mockImplementation((text) => printed.push(text) > 0);
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
  [["train", "--bogus"], "Unknown option '--bogus'.", "modelwright train --help"],
  [["trian"], "Unknown command 'trian'. Did you mean train?", "modelwright --help"],
  [["env", "show"], "Missing required argument 'model'.", "modelwright env show --help"],
  [["add", "x", "--language", "cobol"], "Allowed choices are python, typescript.", "modelwright add --help"],
  [["list", "a", "b"], "Too many arguments for 'list'.", "modelwright list --help"],
  [["train", "--timeout"], "Option '--timeout <seconds>' argument missing.", "modelwright train --help"],
  [["alias"], '"alias" is no command of its own: alias set, alias list, ', "modelwright alias --help"],
  [["alias", "set", "churn"], "Missing required argument 'alias'.", "modelwright alias set --help"],
  [["train", ""], "The argument <model> is empty.", "modelwright train --help"],
  [["serve", "churn", " "], "The argument <models> is empty.", "modelwright serve --help"],
  [["train", "--home", ""], "The value of --home is empty.", "modelwright train --help"],
  [["train", "--pass-env", "A", "--pass-env", ""], "The value of --pass-env is empty.", "modelwright train --help"],
])("%j is a usage error that says what, and where to look", (argv, message, help) => {
  expect(() => parse(...argv)).toThrow(
    expect.objectContaining({
      code: "USAGE",
      message: expect.stringContaining(message) as unknown,
      hint: expect.stringContaining(help) as unknown,
    }),
  );
  expect(printed).toEqual([]);
});

test.each([[[]], [["--help"]], [["--version"]], [["train", "--help"]]])("%j is answered with success", (argv) => {
  expect(parse(...argv)).toEqual({ exitCode: 0 });
});
