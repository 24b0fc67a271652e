import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { runCommand, type CommandOptions } from "../../src/process/run-command.ts";
import { holdUp } from "./support/hold-up.ts";
import { isAlive, pidFrom } from "./support/processes.ts";
import { testFolder } from "./support/test-folder.ts";
import { waitUntil } from "./support/wait-until.ts";

const PATH = process.env["PATH"] ?? "";

async function runNode(code: string, options: Partial<CommandOptions> = {}): ReturnType<typeof runCommand> {
  const cwd = options.cwd ?? (await testFolder());
  return runCommand([process.execPath, "-e", code], { env: { PATH }, ...options, cwd });
}

test("output, exit code and input pass through", async () => {
  const code = "process.stdin.pipe(process.stdout); console.error('grumble'); process.exitCode = 3";
  const result = await runNode(code, { input: "håndbog" });
  expect(result).toMatchObject({ exitCode: 3, signal: null, stdout: "håndbog", stderr: "grumble\n" });
  expect(result).toMatchObject({ isTimedOut: false, isInterrupted: false, isNotFound: false, isOutputCut: false });
});

test("stdin is empty when nothing is given, and input that is not read is no fault", async () => {
  expect(await runNode("process.stdin.on('end', () => console.log('end')).resume()")).toMatchObject({
    stdout: "end\n",
  });
  expect(await runNode("process.exit(0)", { input: "x".repeat(1_000_000) })).toMatchObject({ exitCode: 0 });
});

test("the environment is what is given, besides the mark of the group", async () => {
  const { stdout } = await runNode("console.log(JSON.stringify(process.env))", { env: { ONLY: "this" } });
  const names = Object.keys(JSON.parse(stdout) as object).filter((name) => name !== "__CF_USER_TEXT_ENCODING");
  expect(names.sort()).toEqual(["ONLY", "_MODELWRIGHT_GROUP"]);
});

test("no shell looks at the arguments", async () => {
  const result = await runCommand([process.execPath, "-p", "process.argv[1]", "$HOME; `id` *"], { cwd: "/", env: {} });
  expect(result.stdout).toBe("$HOME; `id` *\n");
});

test("too long an output is cut without stopping the program", async () => {
  const code = "process.stdout.write('b' + 'x'.repeat(5e6)); process.stderr.write('x'.repeat(5e6) + 'end')";
  const result = await runNode(code, { maxOutputBytes: 1_000 });
  expect(result).toMatchObject({ exitCode: 0, isOutputCut: true });
  expect([result.stdout.length, result.stdout[0]]).toEqual([1_000, "b"]);
  expect([result.stderr.length, result.stderr.slice(-3)]).toEqual([1_000, "end"]);
});

test("a program that is missing, no program or a folder is not found; a missing folder is told apart", async () => {
  const cwd = await testFolder({ "not-executable": "x" });
  for (const program of ["no-such-program", join(cwd, "not-executable"), cwd])
    expect(await runCommand([program], { cwd, env: { PATH } })).toMatchObject({ isNotFound: true, exitCode: null });
  const missing = runCommand([process.execPath], { cwd: join(cwd, "absent"), env: { PATH } });
  await expect(missing).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
});

/** A shell, because it is there at once: told to end before it ignores that, it would do so. */
const STUBBORN_WITH_CHILD = ["sh", "-c", "trap '' TERM; sleep 600 & echo $! > child.pid; wait"];

test("a timeout ends the whole group, also when it ignores SIGTERM", async () => {
  const cwd = await testFolder();
  const result = await runCommand(STUBBORN_WITH_CHILD, { cwd, env: { PATH }, timeoutMs: 1_000 });
  expect(result).toMatchObject({ exitCode: null, signal: "SIGKILL", isTimedOut: true, isInterrupted: false });
  expect(isAlive(await pidFrom(join(cwd, "child.pid")))).toBe(false);
});

test("an abort ends the whole group", async () => {
  const cwd = await testFolder();
  const abort = new AbortController();
  const running = runCommand(STUBBORN_WITH_CHILD, { cwd, env: { PATH }, signal: abort.signal });
  const child = await pidFrom(join(cwd, "child.pid"));
  abort.abort();
  expect(await running).toMatchObject({ isInterrupted: true, isTimedOut: false });
  expect(isAlive(child)).toBe(false);
  expect(await runNode("", { signal: abort.signal })).toMatchObject({ isInterrupted: true, exitCode: null });
});

test("a daemon that holds the output open does not hold up the result, and stays", async () => {
  const cwd = await testFolder();
  const code = `
    const { spawn } = require("node:child_process");
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1e6)"], { detached: true, stdio: "inherit" });
    require("node:fs").writeFileSync("child.pid", child.pid + "\\n");
    console.log("done");
    process.exit(0);
  `;
  const result = await runNode(code, { cwd });
  const child = await pidFrom(join(cwd, "child.pid"));
  expect(result).toMatchObject({ exitCode: 0, stdout: "done\n" });
  expect(isAlive(child)).toBe(true);
  process.kill(child, "SIGKILL");
  await waitUntil(() => !isAlive(child));
});

test("output that came in time is read, however busy the tool was", async () => {
  const cwd = await testFolder();
  const code = `
    const { spawn } = require("node:child_process");
    const late = "sleep 0.1; echo late; touch told; sleep 2";
    spawn("sh", ["-c", late], { detached: true, stdio: ["ignore", "inherit", "ignore"] });
    process.exit(0);
  `;
  const isTold = (): boolean => existsSync(join(cwd, "told"));
  // As soon as the end of the program was told.
  process.once("SIGCHLD", () => void setImmediate(() => holdUp(isTold, 1_000)));
  expect(await runNode(code, { cwd, env: { PATH } })).toMatchObject({ exitCode: 0, stdout: "late\n" });
});
