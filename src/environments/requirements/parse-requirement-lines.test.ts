import { expect, test } from "vitest";

import { parseRequirementLines } from "./parse-requirement-lines.ts";

function requirementsOf(text: string): (string | null)[] {
  return parseRequirementLines(text).map((line) => (line.kind === "package" ? line.requirement : null));
}

test("line ends of every system, byte order marks, comments and blank lines are no matter", () => {
  expect(requirementsOf("\uFEFFa==1\r\n\r\n  # note\r\nb==2 # why\rc#not-a-comment\n")).toEqual([
    "a==1",
    "b==2",
    "c#not-a-comment",
  ]);
});

test("continued lines are one line, which a comment ends", () => {
  expect(parseRequirementLines("a==1 \\\n  --hash=sha256:00 \\\n  --hash=sha256:01\nb \\\n# note\nc\\")).toEqual([
    { kind: "package", text: "a==1   --hash=sha256:00   --hash=sha256:01", requirement: "a==1" },
    { kind: "package", text: "b", requirement: "b" },
    { kind: "package", text: "c", requirement: "c" },
  ]);
});

test.each([
  ["numpy", "numpy"],
  ["A.b_c-d [x, y] >= 1.0, < 2 ; python_version < '4'", "A.b_c-d [x, y] >= 1.0, < 2 ; python_version < '4'"],
  ["model @ https://example.org/m.zip", "model @ https://example.org/m.zip"],
  ["https://example.org/some_model-1.0-1-cp311-cp311-linux_x86_64.whl#sha256=00", "some_model==1.0"],
  ["/wheels/some_model-1.0+cpu-py3-none-any.whl", "some_model==1.0+cpu"],
  ["some_model-1.0-py3-none-any.whl", "some_model==1.0"],
  ["-e git+https://example.org/x.git@main#egg=x&subdirectory=y", "x"],
  ["two words", "two words"],
  ["/projects/model", null],
  ["-e .", null],
  ["--no-such-option", null],
  ["git+https://example.org/x.git", null],
])("%s is read as %s", (text, requirement) => {
  expect(requirementsOf(text)).toEqual([requirement]);
});

test.each(["-r other.txt", "-rother.txt", "--requirement other.txt", "--requirement=other.txt"])(
  "%s includes",
  (text) => {
    expect(parseRequirementLines(text)).toEqual([{ kind: "include", text, path: "other.txt" }]);
  },
);

test.each(["-c other.txt", "--constraint=other.txt"])("%s constrains", (text) => {
  expect(parseRequirementLines(text)).toEqual([{ kind: "constraints", text, path: "other.txt" }]);
});

test.each(["-i https://x", "--extra-index-url https://x", "--find-links=./x", "--pre", "--only-binary :all:"])(
  "%s says where packages are found",
  (text) => {
    expect(parseRequirementLines(text)).toEqual([{ kind: "indexOption", text }]);
  },
);
