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
    variables: { ESBUILD_BINARY_PATH: await killedBundler() },
  });
  expect({ exitCode: result.exitCode, stdout: result.stdout }).toEqual({ exitCode: 6, stdout: "" });
  const error = errorOf(result);
  expect(error.code).toBe("BUNDLE_FAILED");
  expect(error.message).toContain("The service was stopped");
  expect(await newestRun({ state: project.home })).toMatchObject({ status: "failed", failure: { code: error.code } });
  expect(await leftovers({ state: project.home })).toEqual([]);
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

/** A program that is killed after the first request; its output ends a moment later, with its child. */
async function killedBundler(): Promise<string> {
  const path = join(await testFolder(), "esbuild");
  await writeFile(path, "#!/bin/sh\ndd bs=1M count=1 of=/dev/null status=none\nsleep 0.5 &\nkill -KILL $$\n");
  await chmod(path, 0o755);
  return path;
}
