import { spawn } from "node:child_process";
import { chmod, cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

import { testFolder } from "../process/support/test-folder.ts";
import { CLI } from "../support/cli.ts";
import { testPython } from "../support/test-python.ts";
import { faultOf } from "./support/check-block.ts";
import { codeBlocks, listPages, readPage, ROOT } from "./support/markdown.ts";
import { runs, sessionOf } from "./support/page-session.ts";

/** The longest page takes 20 s alone on one core. */
const TIMEOUT_MS = 180_000;

test.each(listPages().filter(runs))(
  "the blocks of %s work as they stand there",
  { timeout: TIMEOUT_MS + 20_000 },
  async (page) => {
    const port = await freePort();
    const folder = await testFolder();
    const project = join(folder, "penguins");
    await cp(join(ROOT, "examples/penguins"), project, { recursive: true });
    const programs = await installCommand(join(folder, "programs"));
    await mkdir(join(folder, "node_modules"));
    await symlink(ROOT, join(folder, "node_modules/modelwright"));
    // What a page asks for must be answered with success.
    await writeFile(join(folder, ".curlrc"), "fail\nshow-error\n");
    const script = sessionOf(page).replaceAll("8080", String(port));
    const { exitCode, output } = await runShell(script, project, {
      PATH: [programs, dirname(testPython()), process.env["PATH"] ?? ""].join(":"),
      HOME: folder,
      LANG: "C.UTF-8",
      // As after `pip install ./python`.
      PYTHONPATH: join(ROOT, "python/src"),
      PYTHONDONTWRITEBYTECODE: "1",
      PYTEST_ADDOPTS: "-p modelwright.testing -p no:cacheprovider",
      MODELWRIGHT_PORT: String(port),
    });
    expect(exitCode, output).toBe(0);
  },
);

test("every other block of a page says what it is, and is that", () => {
  const faults = listPages().flatMap((page) =>
    codeBlocks(readPage(page)).flatMap((block) => {
      const fault = faultOf(block);
      return fault === null ? [] : [`${page}:${block.line} ${fault}`];
    }),
  );
  expect(faults).toEqual([]);
});

test.each([
  ["yaml", "", "a: 1", "is neither of sh, python"],
  ["text", "", "modelwright list", "says not why it cannot run"],
  ["json", "", "{}", "says not what it is"],
  ["json", "modelwright.json", '{"minimumProof": "none"}', "/minimumProof"],
  ["json", "AnyReply", '{"predictions": [1]}', "must have required property"],
  ["json", "schema", '{"type": "numbre"}', "is no schema"],
  ["json", "model.json", "{'id': 1}", "SyntaxError"],
])("a block of %s %s that is wrong is told", (language, label, text, fault) => {
  expect(faultOf({ language, label, text, line: 1 })).toContain(fault);
});

/**
 * Puts `modelwright` into a folder. Packages are those of the tests' environment, taken as they are: building one for
 * every page would take minutes, and is tested in tests/environments.
 */
async function installCommand(folder: string): Promise<string> {
  const path = join(folder, "modelwright");
  await mkdir(folder);
  await writeFile(
    path,
    `#!/bin/sh
case "$1" in train | evaluate | publish | serve | predict) set -- "$@" --no-install ;; esac
exec "${process.execPath}" "${CLI}" "$@"
`,
  );
  await chmod(path, 0o755);
  return folder;
}

function runShell(
  script: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  const shell = spawn("bash", ["-c", script], { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const endGroup = (): void => {
    try {
      process.kill(-(shell.pid ?? 0), "SIGKILL");
    } catch {
      // The session has left nothing running.
    }
  };
  onTestFinished(endGroup);
  const timer = setTimeout(endGroup, TIMEOUT_MS);
  let output = "";
  for (const stream of [shell.stdout, shell.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    shell.once("error", reject);
    shell.once("exit", (exitCode) => {
      clearTimeout(timer);
      resolve({ exitCode, output });
    });
  });
}

/** Pages name the usual port; a session takes one that nobody has. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
