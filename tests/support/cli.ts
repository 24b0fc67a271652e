import { spawn, type ChildProcessByStdio } from "node:child_process";
import { resolve } from "node:path";
import type { Readable, Writable } from "node:stream";
import { onTestFinished } from "vitest";

import { testFolder } from "../process/support/test-folder.ts";

/** The built command line; `npm test` builds it first. */
export const CLI = resolve(import.meta.dirname, "../../dist/cli.js");

const DEFAULT_TIMEOUT_MS = 100_000;

export interface CliOptions {
  /** Working directory; a new empty folder unless given. */
  readonly cwd?: string | undefined;
  /** State folder (`MODELWRIGHT_HOME`); a new one unless given. */
  readonly home?: string | undefined;
  /** Variables beside those that every program needs. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** Text on standard input; nothing unless given. */
  readonly stdin?: string | undefined;
  /** Standard input stays open, as on a terminal where nobody types. */
  readonly isStdinOpen?: boolean | undefined;
  /** The command leads a process group, as in a terminal: a signal to `-pid` is what Ctrl-C sends. */
  readonly isForeground?: boolean | undefined;
  /** The command is killed after this time, and the test fails. */
  readonly timeoutMs?: number | undefined;
}

export interface CliResult {
  /** Null when a signal ended the command. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as JSON; throws when it is not. */
  readonly json: unknown;
}

/** A command that goes on, for example a server. It is killed when the test ends. */
export interface StartedCli {
  readonly process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly pid: number;
  readonly home: string;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly ended: Promise<CliResult>;
  /** Resolves with the first match in standard output; rejects when the command ends without one. */
  readonly printed: (pattern: RegExp) => Promise<RegExpExecArray>;
}

/** Runs a command of the built CLI to its end. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const started = await startCli(args, { ...options, timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS });
  return started.ended;
}

/** Starts a command of the built CLI. */
export async function startCli(args: readonly string[], options: CliOptions = {}): Promise<StartedCli> {
  const home = options.home ?? (await testFolder());
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: options.cwd ?? (await testFolder()),
    env: { ...(await basicVariables()), MODELWRIGHT_HOME: home, ...options.variables },
    stdio: ["pipe", "pipe", "pipe"],
    detached: options.isForeground ?? false,
  });
  const output = { stdout: "", stderr: "" };
  const listeners = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
      for (const listener of listeners) listener();
    });
  }
  // A command that does not read its input may end before it is written.
  child.stdin.on("error", () => undefined);
  if (options.isStdinOpen !== true) child.stdin.end(options.stdin ?? "");
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = endOf(child, args, { output, timeoutMs: options.timeoutMs });
  ended.catch(() => undefined);
  return {
    process: child,
    pid: child.pid ?? -1,
    home,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    ended,
    printed: (pattern) => firstMatch(pattern, { ended, listeners, text: () => output.stdout }),
  };
}

/** What a program needs to run at all; nothing of the developer's own settings. */
async function basicVariables(): Promise<Record<string, string>> {
  return { PATH: process.env["PATH"] ?? "", LANG: "C.UTF-8", NO_COLOR: "1", HOME: await testFolder() };
}

interface Watched {
  readonly output: { readonly stdout: string; readonly stderr: string };
  readonly timeoutMs: number | undefined;
}

function endOf(
  child: ChildProcessByStdio<Writable, Readable, Readable>,
  args: readonly string[],
  { output, timeoutMs }: Watched,
): Promise<CliResult> {
  return new Promise((fulfil, reject) => {
    let isLate = false;
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            isLate = true;
            child.kill("SIGKILL");
          }, timeoutMs);
    child.once("error", reject);
    child.once("close", (exitCode, signal) => {
      clearTimeout(timer);
      const { stdout, stderr } = output;
      if (isLate) {
        reject(
          new Error(`modelwright ${args.join(" ")} took longer than ${String(timeoutMs)} ms:\n${stdout}${stderr}`),
        );
        return;
      }
      fulfil({
        exitCode,
        signal,
        stdout,
        stderr,
        get json() {
          return JSON.parse(stdout) as unknown;
        },
      });
    });
  });
}

function firstMatch(
  pattern: RegExp,
  {
    ended,
    listeners,
    text,
  }: { readonly ended: Promise<CliResult>; readonly listeners: Set<() => void>; readonly text: () => string },
): Promise<RegExpExecArray> {
  return new Promise((fulfil, reject) => {
    const look = (): boolean => {
      const match = pattern.exec(text());
      if (match === null) return false;
      listeners.delete(look);
      fulfil(match);
      return true;
    };
    listeners.add(look);
    if (look()) return;
    void ended.then(
      ({ exitCode, stderr }) => reject(new Error(`It ended (${String(exitCode)}) without ${pattern}:\n${stderr}`)),
      reject,
    );
  });
}
