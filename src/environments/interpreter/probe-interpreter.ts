import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";

import { sha256 } from "../../kernel/digest.ts";
import { Failure } from "../../kernel/failure.ts";
import type { Log } from "../../kernel/log.ts";
import { runCommand, type CommandResult } from "../../process/run-command.ts";
import { recallAnswer, rememberAnswer } from "../remembered-answer.ts";
import { interpreterSchema, isRecentEnough, nameOf, OLDEST_PYTHON, type Interpreter } from "./interpreter.ts";
import { pyenvDeciders } from "./pyenv-shim.ts";

export interface ProbeContext {
  /** Absolute folder of the Python half of the tool. */
  readonly runtimesFolder: string;
  /** Absolute folder for what may be deleted at any time. */
  readonly cacheFolder: string;
  /** Absolute folder that programs are run in. */
  readonly workingFolder: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** An interpreter that models can be run with, or in a few words why it is none. */
export type Probe = { readonly interpreter: Interpreter } | { readonly interpreter: null; readonly reason: string };

const TIMEOUT_MS = 10_000;

/**
 * Asks a program what it is by running it: a `python3.8` on the search path may be a shim that only complains.
 * The answer is remembered until the files that it depends on change.
 * @param path - absolute.
 * @throws Failure `INTERRUPTED`.
 */
export async function probeInterpreter(path: string, context: ProbeContext): Promise<Probe> {
  const deciders = pyenvDeciders(path, context.workingFolder);
  const question = deciders === null ? path : `${path}\0${context.workingFolder}`;
  const file = join(context.cacheFolder, "interpreters", `${sha256(question).slice(0, 32)}.json`);
  const recalled = await recallAnswer(file, interpreterSchema);
  if (recalled !== null) return { interpreter: recalled };
  const askedAtMs = Date.now();
  const probe = readAnswer(await ask(path, context));
  if (probe.interpreter === null) return probe;
  const watched = filesBehind(path, probe.interpreter, deciders);
  if (watched !== null) await rememberAnswer(file, { value: probe.interpreter, watched, askedAtMs }, context.log);
  return probe;
}

async function ask(path: string, context: ProbeContext): Promise<CommandResult> {
  const script = join(context.runtimesFolder, "environment_probe.py");
  // -E and -s: neither PYTHON* variables nor the user's own packages can change the answer. Python 2 knows no -I.
  const result = await runCommand([path, "-E", "-s", "-B", script], {
    cwd: context.workingFolder,
    env: context.variables,
    timeoutMs: TIMEOUT_MS,
    signal: context.signal,
    maxOutputBytes: 64 * 1024,
  });
  if (result.isInterrupted) throw new Failure("INTERRUPTED", { message: "Stopped while looking for Python." });
  return result;
}

function readAnswer(result: CommandResult): Probe {
  const interpreter = parseInterpreter(result.stdout);
  if (interpreter === null) return { interpreter, reason: reasonOf(result) };
  if (isRecentEnough(interpreter)) return { interpreter };
  const oldest = `${OLDEST_PYTHON.major}.${OLDEST_PYTHON.minor}`;
  return { interpreter: null, reason: `is ${nameOf(interpreter)}; models need Python ${oldest} or newer` };
}

/** A wrapper or `sitecustomize` may print something of its own: the answer is the last line. */
function parseInterpreter(output: string): Interpreter | null {
  try {
    return interpreterSchema.parse(JSON.parse(output.trimEnd().split("\n").at(-1) ?? ""));
  } catch {
    return null;
  }
}

function reasonOf(result: CommandResult): string {
  if (result.isNotFound) return "does not exist or may not be run";
  if (result.isTimedOut) return `gave no answer within ${TIMEOUT_MS / 1_000} seconds`;
  const said = result.stderr.split("\n").find((line) => line.trim() !== "");
  const how = result.exitCode === 0 ? "is not Python" : `ended with ${result.signal ?? `exit code ${result.exitCode}`}`;
  return said === undefined ? how : `${how}: ${said.trim().slice(0, 200)}`;
}

/** What the answer depends on, or null when something unknown stands between the path and the interpreter. */
function filesBehind(path: string, interpreter: Interpreter, deciders: readonly string[] | null): string[] | null {
  const { executable, baseExecutable } = interpreter;
  if (deciders === null && !isSameFile(path, executable)) return null;
  const environmentFile = join(dirname(dirname(executable)), "pyvenv.cfg");
  return [path, executable, baseExecutable, environmentFile, ...(deciders ?? [])];
}

function isSameFile(path: string, other: string): boolean {
  try {
    return realpathSync(path) === realpathSync(other);
  } catch {
    return false;
  }
}
