import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";

import { runCommand } from "../../src/process/run-command.ts";
import { newPandasPython, testPython } from "../support/test-python.ts";
import { torchPython } from "../support/torch-python.ts";

const RUNTIMES = resolve(import.meta.dirname, "../../runtimes/python");

/** Runs Python with the runtime's modules. @returns what it printed. */
async function python(interpreter: string, code: string): Promise<string> {
  const env = { PYTHONDONTWRITEBYTECODE: "1", PYTHONPATH: RUNTIMES };
  const { exitCode, stdout, stderr } = await runCommand([interpreter, "-c", code], { cwd: RUNTIMES, env });
  expect(exitCode, stderr).toBe(0);
  return stdout.trim();
}

const compareFrames = await readFile(join(import.meta.dirname, "support/compare_frames.py"), "utf8");

describe("frames of blocks", () => {
  test.each([
    ["the pandas of the tests", testPython],
    ["the newest pandas", newPandasPython],
    ["the system's pandas", torchPython],
  ])("are the frames that pandas itself makes: %s", async (_, interpreter) => {
    expect(await python(interpreter(), compareFrames)).toBe("same");
  });

  test("give way to pandas' own when they turn out otherwise", async () => {
    const code = `
from modelwright_runtime.serving import blocks, frames
blocks.BlockFrames.make = lambda self, rows: self._pandas.DataFrame({"a": [1.0], "b": [2]})
maker = frames.FrameMaker(["a", "b"], ["float", "string"])
made = [maker.make([[1.0, "x"]]) for _ in range(2)]
assert all(frame["b"].tolist() == ["x"] for frame in made), made
print(maker.makes_of_blocks)`;
    expect(await python(testPython(), code)).toBe("False");
  });

  test("give way to pandas' own for rows with which they fail", async () => {
    const code = `
from modelwright_runtime.serving import frames
maker = frames.FrameMaker(["a", "b"], ["float", "string"])
maker.make([[1.0, "x"]])
assert maker.makes_of_blocks
maker._blocks.make = None
print(maker.make([[2.0, "y"]])["b"].tolist())`;
    expect(await python(testPython(), code)).toBe("['y']");
  });

  test("give way to pandas' own where pandas has no such blocks", async () => {
    const code = `
import pandas.core.internals as internals
from modelwright_runtime.serving import frames
del internals.make_block
maker = frames.FrameMaker(["a", "b"], ["float", "string"])
assert maker.make([[1.0, "x"]])["b"].tolist() == ["x"]
print(maker.makes_of_blocks)`;
    expect(await python(testPython(), code)).toBe("False");
  });
});
