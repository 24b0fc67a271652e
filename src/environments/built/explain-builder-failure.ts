import { explainWriteFault } from "../../files/explain-write-fault.ts";
import { Failure } from "../../kernel/failure.ts";
import { readTail } from "../../process/read-tail.ts";
import { nameOf, type Interpreter } from "../interpreter/interpreter.ts";
import { explainPipFailure, type PipFailure, type PipFailureContext } from "./installer/explain-pip-failure.ts";
import { explainUvFailure } from "./installer/explain-uv-failure.ts";
import { redactCredentials } from "./installer/pip-variables.ts";
import type { BuilderOutcome } from "./run-builder.ts";

export interface BuilderFailureContext {
  /** What was to be done, for example `resolve the requirements`. */
  readonly task: string;
  readonly interpreter: Interpreter;
  /** Absolute path of the log of everything that pip printed. */
  readonly logFile: string;
  /** Absolute folder that was written into. */
  readonly folder: string;
  readonly requirementLines: readonly string[];
  /** The one folder that packages may come from; null: an index. */
  readonly wheels: string | null;
}

const LOG_TAIL_BYTES = 256 * 1024;
const DISK_FAULT = /\[Errno \d+\] (No space left on device|Disk quota exceeded|Read-only file system)/;
const DISK_CODES: Readonly<Record<string, string>> = {
  "No space left on device": "ENOSPC",
  "Disk quota exceeded": "EDQUOT",
  "Read-only file system": "EROFS",
};

/** What is thrown when the builder did not do its work. */
export async function explainBuilderFailure(
  outcome: Exclude<BuilderOutcome, { event: "done" }>,
  context: BuilderFailureContext,
): Promise<unknown> {
  const name = nameOf(context.interpreter);
  const beginning = `Could not ${context.task} for ${name}`;
  if (outcome.event === "crashed")
    return new Failure("ENVIRONMENT_FAILED", {
      message: `${beginning}: the program that does it ended early. ${redactCredentials(outcome.message)}`,
      hint: "Try again; if it happens again, check that this Python is whole and that there is enough memory.",
      details: { exitCode: outcome.exitCode },
    });
  switch (outcome.reason) {
    case "pip":
    case "uv":
      return explainInstaller(beginning, context, outcome.reason === "pip" ? explainPipFailure : explainUvFailure);
    case "no-pip":
      return new Failure("ENVIRONMENT_FAILED", {
        message: `${beginning}: ${outcome.message}`,
        hint: "Install it (on Debian and Ubuntu: python3-venv), or name another interpreter with --python.",
      });
    case "unlockable":
      return unlockable(outcome.message);
    case "system":
      return explainSystem(beginning, { message: outcome.message, code: outcome.code ?? "" }, context);
    default:
      return outcome.reason satisfies never;
  }
}

/** @param what - requirements that are no files. */
export function unlockable(what: string): Failure {
  return new Failure("ENVIRONMENT_FAILED", {
    message: `Only files can be pinned by their hash, not folders or repositories: ${what}.`,
    hint: "Build a wheel of it and name that file, or use an environment that has it with --python <interpreter> --no-install.",
  });
}

async function explainInstaller(
  beginning: string,
  context: BuilderFailureContext,
  explain: (context: PipFailureContext) => PipFailure,
): Promise<unknown> {
  const log = (await readTail(context.logFile, LOG_TAIL_BYTES)).toString("utf8");
  const diskFault = DISK_FAULT.exec(log);
  if (diskFault !== null) {
    const code = DISK_CODES[diskFault[1] ?? ""] ?? "";
    return explainSystem(beginning, { message: diskFault[0], code }, context);
  }
  const { summary, hint } = explain({ ...context, log });
  return new Failure("ENVIRONMENT_FAILED", {
    message: `${beginning}. ${redactCredentials(summary)}\nThe whole log: ${context.logFile}`,
    hint,
    details: { logFile: context.logFile },
  });
}

/** What the operating system refused, with its code, for example `ENOSPC`; empty where it is not known. */
interface SystemFault {
  readonly message: string;
  readonly code: string;
}

function explainSystem(beginning: string, { message, code }: SystemFault, context: BuilderFailureContext): unknown {
  const error = Object.assign(new Error(message), { code });
  const explained = explainWriteFault(error, context.folder);
  if (explained !== error) return explained;
  return new Failure("ENVIRONMENT_FAILED", { message: `${beginning}: ${message}`, cause: error });
}
