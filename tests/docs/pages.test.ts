import { spawn } from "node:child_process";
import { chmod, cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

import { testFolder } from "../process/support/test-folder.ts";
import { CLI } from "../support/cli.ts";
import { testPython } from "../support/test-python.ts";
import { codeBlocks, listPages, readPage, ROOT } from "./support/markdown.ts";

/** The longest page takes 20 s alone on one core. */
const TIMEOUT_MS = 180_000;

const PAGES = listPages().filter((page) => shellBlocks(page).length > 0);

test.each(PAGES)("the commands of %s work as they stand there", { timeout: TIMEOUT_MS + 20_000 }, async (page) => {
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
    MODELWRIGHT_PORT: String(port),
  });
  expect(exitCode, output).toBe(0);
});

test("every fenced block of a page says what it is", () => {
  const nameless = listPages().flatMap((page) =>
    codeBlocks(readPage(page))
      .filter(({ language }) => language === "")
      .map(({ line }) => `${page}:${line}`),
  );
  expect(nameless).toEqual([]);
});

function shellBlocks(page: string) {
  return codeBlocks(readPage(page)).filter(({ language }) => language === "sh");
}

/** All blocks of a page as one session, each announced so that a failure names its line. */
function sessionOf(page: string): string {
  const blocks = shellBlocks(page).map(({ line, text }) => `echo "== ${page}:${line}"\n${text}\n`);
  return `set -euo pipefail\n${blocks.join("")}`;
}

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
