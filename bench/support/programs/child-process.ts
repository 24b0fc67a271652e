import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

import type { Workspace } from "../harness/workspace.ts";

/** Variables that would change what is measured: a certificate file costs every Node 65 ms at its start. */
const LEFT_OUT = /^(NODE_EXTRA_CA_CERTS|NODE_OPTIONS|MODELWRIGHT_.*|PYTHON.*)$/;

const STOP_TIMEOUT_MS = 10_000;

export interface ChildOptions {
  readonly cwd: string;
  readonly variables?: Readonly<Record<string, string>>;
}

function childVariables(extra: Readonly<Record<string, string>> = {}): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(([name]) => !LEFT_OUT.test(name));
  return { ...Object.fromEntries(kept), ...extra };
}

/** Runs a program and gives what it printed and how long it took. @throws Error when it does not end with 0. */
export async function runToEnd(
  [program = "", ...parameters]: readonly string[],
  { cwd, variables }: ChildOptions,
): Promise<{ readonly stdout: string; readonly durationMs: number }> {
  const startMs = performance.now();
  const child = spawn(program, parameters, { cwd, env: childVariables(variables), stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  const [exitCode] = (await once(child, "close")) as [number | null];
  const durationMs = performance.now() - startMs;
  if (exitCode === 0) return { stdout: output.stdout, durationMs };
  throw new Error(`${[program, ...parameters].join(" ")} ended with ${String(exitCode)}:\n${output.stderr}`);
}

/** A program that goes on until the benchmark ends, and answers lines with lines. */
export interface LongRunning {
  readonly readLine: () => Promise<string>;
  readonly writeLine: (line: string) => void;
  readonly stop: () => Promise<void>;
}

/** Starts a program that ends with the workspace at the latest. Its standard error goes into a file, as a service's does. */
export function startLongRunning(
  { folder, defer }: Workspace,
  [program = "", ...parameters]: readonly string[],
  { cwd, variables }: ChildOptions,
): LongRunning {
  const log = join(folder, "stderr.log");
  const stderr = openSync(log, "a");
  const child = spawn(program, parameters, { cwd, env: childVariables(variables), stdio: ["pipe", "pipe", stderr] });
  closeSync(stderr);
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error(`${program} has no pipes.`);
  const lines = createInterface(stdout)[Symbol.asyncIterator]();
  const stop = (): Promise<void> => stopChild(child);
  defer(stop);
  return {
    readLine: async () => {
      const line: IteratorResult<string, unknown> = await lines.next();
      if (line.done !== true) return line.value;
      throw new Error(`${[program, ...parameters].join(" ")} ended before it answered:\n${readFileSync(log, "utf8")}`);
    },
    writeLine: (line) => stdin.write(`${line}\n`),
    stop,
  };
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  child.kill("SIGTERM");
  await once(child, "exit");
  clearTimeout(timer);
}
