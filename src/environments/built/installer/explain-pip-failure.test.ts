import { expect, test } from "vitest";

import type { Interpreter } from "../../interpreter/interpreter.ts";
import { explainPipFailure, type PipFailure } from "./explain-pip-failure.ts";

const interpreter: Interpreter = {
  ...{ implementation: "CPython", version: "3.8.18", platform: "linux-x86_64", machine: "x86_64" },
  ...{ abi: "", executable: "/bin/python", baseExecutable: "/bin/python" },
};

// The texts are those of pip 23.0 and 24.2.
function explain(log: string, requirementLines: readonly string[] = []): PipFailure {
  return explainPipFailure({ log, interpreter, requirementLines, wheels: null });
}

test("a version that does not exist is told without the list of all that do", () => {
  const { summary, hint } = explain(`Looking in links: /wheels
ERROR: Could not find a version that satisfies the requirement six==9.9 (from versions: 0.9.0, 0.9.1, 1.16.0)
ERROR: No matching distribution found for six==9.9
`);
  expect(summary).toBe("No matching distribution found for six==9.9");
  expect(hint).toContain("--no-install");
});

test("an index that cannot be reached is thought of when there is no version at all", () => {
  const { hint } = explain(`WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError'
ERROR: Could not find a version that satisfies the requirement six==1.16.0 (from versions: none)
ERROR: No matching distribution found for six==1.16.0
`);
  expect(hint).toContain("can be reached");
});

const ignored =
  "ERROR: Ignored the following versions that require a different python version: 1.2.0 Requires-Python >=3.9; 1.3.0 Requires-Python >=3.9\n";

test("a version that needs another Python is told with what it needs", () => {
  const { summary, hint } = explain(`${ignored}ERROR: No matching distribution found for contourpy==1.3.0\n`);
  expect(summary).toBe(
    "No matching distribution found for contourpy==1.3.0.\nThis is CPython 3.8.18; 1.3.0 needs Python >=3.9.",
  );
  expect(hint).toContain("--python");
});

test("versions for another Python are not blamed for a version that never was", () => {
  expect(explain(`${ignored}ERROR: No matching distribution found for contourpy==77\n`).summary).toBe(
    "No matching distribution found for contourpy==77",
  );
});

test("a conflict is told with its causes, and requirements by their text", () => {
  const { summary } = explain(
    `ERROR: Cannot install -r /tmp/x/requirements.txt (line 1) and numpy==1.20 because these package versions have conflicting dependencies.

The conflict is caused by:
    The user requested numpy==1.20
    pandas 2.0.3 depends on numpy>=1.20.3; python_version < "3.10"

To fix this you could try to:
1. loosen the range of package versions you've specified

ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/en/latest/topics/dependency-resolution/
`,
    ["pandas==2.0.3", "numpy==1.20"],
  );
  expect(summary.split("\n")).toEqual([
    "Cannot install pandas==2.0.3 and numpy==1.20 because these package versions have conflicting dependencies.",
    "    The user requested numpy==1.20",
    '    pandas 2.0.3 depends on numpy>=1.20.3; python_version < "3.10"',
  ]);
});

test("a build that failed is told with the package and the last words of its output", () => {
  const { summary, hint } = explain(`Collecting fine==1.0
Collecting numpy==1.19.5 (from -r /tmp/x/requirements.txt (line 1))
  error: subprocess-exited-with-error

  × Getting requirements to build wheel did not run successfully.
  │ exit code: 1
  ╰─> [20 lines of output]
      Traceback (most recent call last):
        File "<string>", line 19, in <module>
      ModuleNotFoundError: No module named 'pkg_resources'
      [end of output]

  note: This error originates from a subprocess, and is likely not a problem with pip.
error: subprocess-exited-with-error
`);
  expect(summary).toMatch(/^numpy==1\.19\.5 has no ready-made file for CPython 3\.8\.18/);
  expect(summary).toMatch(/ModuleNotFoundError: No module named 'pkg_resources'$/);
  expect(hint).toContain("--no-install");
});

test("a line that is no requirement is told", () => {
  expect(explain("ERROR: Invalid requirement: 'foo bar' (from line 1 of /tmp/x/requirements.txt)\n").summary).toBe(
    "Invalid requirement: 'foo bar'",
  );
});

test("a file with another hash is told with its name", () => {
  const { summary } =
    explain(`ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated the package versions, please update the hashes.
    six==1.16.0 from https://host/six-1.16.0-py2.py3-none-any.whl (from -r /tmp/lock.txt (line 1)):
        Expected sha256 00
             Got        8a
`);
  expect(summary).toContain("six==1.16.0 from https://host/six-1.16.0-py2.py3-none-any.whl");
});

test("of a crash of pip itself the last line is told", () => {
  expect(
    explain("ERROR: Exception:\nTraceback (most recent call last):\n  File x\nMemoryError: too much\n").summary,
  ).toMatch(/MemoryError: too much$/);
});
