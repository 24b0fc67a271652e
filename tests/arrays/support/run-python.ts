import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";

import { runCommand } from "../../../src/process/run-command.ts";
import { testPython } from "../../support/test-python.ts";

/** Runs a script beside this file, or Python code, with the packages of the tests or of another interpreter, in a new folder that lives as long as the suite. */
export async function folderMadeBy(script: string, python = testPython()): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "modelwright-test-"));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const code = script.endsWith(".py") ? readFileSync(join(import.meta.dirname, script), "utf8") : script;
  const result = await runCommand([python, "-c", code], { cwd: folder, env: { PYTHONDONTWRITEBYTECODE: "1" } });
  expect(result.exitCode, result.stderr).toBe(0);
  return folder;
}
