import { spawn } from "node:child_process";
import { once } from "node:events";
import { onTestFinished } from "vitest";

import { waitUntil } from "../../process/support/wait-until.ts";

/** A program that believes that a person sits in front of it. */
export interface Terminal {
  /** What a person types; `\x03` is Ctrl-C, which goes to everything in the foreground. */
  type(text: string): void;
  text(): string;
  printed(pattern: RegExp): Promise<void>;
  readonly exitCode: Promise<number | null>;
}

/** Node has no pseudo-terminals. */
const PROGRAM = "import os, pty, sys; sys.exit(os.WEXITSTATUS(pty.spawn(sys.argv[1:])))";
const TIMEOUT_MS = 60_000;

/** Runs a program in a terminal; `variables` and the PATH are its whole environment. */
export function startInTerminal(command: readonly string[], variables: Readonly<Record<string, string>>): Terminal {
  const env = { PATH: process.env["PATH"] ?? "", TERM: "dumb", ...variables };
  const child = spawn("python3", ["-c", PROGRAM, ...command], { env, stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  return {
    type: (typed) => void child.stdin.write(typed),
    text: () => text,
    printed: (pattern) =>
      waitUntil(() => pattern.test(text), TIMEOUT_MS).catch((cause: unknown) => {
        throw new Error(`${String(pattern)} was not printed, but:\n${text}`, { cause });
      }),
    exitCode: once(child, "close").then(([exitCode]) => exitCode as number | null),
  };
}
