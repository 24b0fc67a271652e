import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { testFolder } from "../process/support/test-folder.ts";
import { runCli } from "../support/cli.ts";
import { errorOf, faultyProject } from "./support/faulty-project.ts";
import { leftovers, newestRun } from "./support/stage.ts";

test("a bundler that is killed fails the run, however late the end of its output is seen", async () => {
  const project = await faultyProject("typescript");
  const result = await runCli(["train", "demo", "--json"], {
    cwd: project.folder,
    home: project.home,
    variables: { ESBUILD_BINARY_PATH: await bundler(KILLED) },
  });
  expect({ exitCode: result.exitCode, stdout: result.stdout }).toEqual({ exitCode: 6, stdout: "" });
  const error = errorOf(result);
  expect(error.code).toBe("BUNDLE_FAILED");
  expect(error.message).toContain("The service was stopped");
  expect(await newestRun({ state: project.home })).toMatchObject({ status: "failed", failure: { code: error.code } });
  expect(await leftovers({ state: project.home })).toEqual([]);
});

test("Ctrl-C counts as Ctrl-C although the bundler's end is seen first", async () => {
  const project = await faultyProject("typescript");
  const result = await runCli(["train", "demo", "--json"], {
    cwd: project.folder,
    home: project.home,
    variables: { ESBUILD_BINARY_PATH: await bundler(INTERRUPTED) },
  });
  expect({ exitCode: result.exitCode, code: errorOf(result).code }).toEqual({ exitCode: 130, code: "INTERRUPTED" });
  const failure = { code: "INTERRUPTED" };
  expect(await newestRun({ state: project.home })).toMatchObject({ status: "interrupted", failure });
});

test("a command that waits for what cannot come says so", async () => {
  const folder = await testFolder();
  const preload = join(folder, "no-answers.cjs");
  await writeFile(preload, 'require("node:fs").promises.readFile = () => new Promise(() => undefined);\n');
  await writeFile(join(folder, "rows.json"), "[{}]");
  const variables = { NODE_OPTIONS: `--require=${preload}` };
  const result = await runCli(["predict", "demo", "rows.json", "--json"], { cwd: folder, variables });
  expect({ exitCode: result.exitCode, stdout: result.stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(errorOf(result).code).toBe("INTERNAL");
  expect(errorOf(result).message).toContain("ended before it was done");
});

/** Killed after the first request; its output ends a moment later, with its child. */
const KILLED = "sleep 0.5 &\nkill -KILL $$";

/**
 * Ends with the tool at one Ctrl-C, of which both come to the tool's notice at once: it hardly ever had a processor in
 * between. Where both lie ready, Node looks at the output first.
 */
const INTERRUPTED = `
tool=$PPID
kill -STOP $tool
kill -INT $tool
(sleep 0.2; kill -CONT $tool) > /dev/null 2>&1 < /dev/null &
`;

/** A program in esbuild's place that does this after the first request. */
async function bundler(script: string): Promise<string> {
  const path = join(await testFolder(), "esbuild");
  await writeFile(path, `#!/bin/sh\ndd bs=1M count=1 of=/dev/null status=none\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}
