import { Failure } from "../../kernel/failure.ts";
import type { MissingData } from "../../model/definition/find-missing-data.ts";
import { formatMemorySize } from "../../model/definition/memory-size.ts";
import { formatModelError, modelErrorDetails } from "../../model/run/format-model-error.ts";
import type { JobOutcome } from "../../model/ports/executor.ts";
import type { RunKind } from "../../model/run/run-record.ts";
import { adviseOnError } from "./advise-on-error.ts";

export interface JobContext {
  readonly kind: RunKind;
  readonly modelName: string;
  readonly timeoutMs: number | null;
  readonly memoryLimitBytes: number | null;
  /** Variables that the definition declares and that were not set. */
  readonly unset: readonly string[];
  /** An evaluation was given an empty data configuration. */
  readonly hasNoData: boolean;
  /** Data files that the data configuration names and that are nowhere. */
  readonly missingData: readonly MissingData[];
  /** The last lines that the job printed, for one that left no result. */
  readonly lastLines: readonly string[];
  /** The disk on which the job worked has no space left. */
  readonly isDiskFull: boolean;
}

/** Why a job failed, for people: the model's own words first, then what to do and where the whole log is. Null: it succeeded. */
export function explainJobFailure(outcome: JobOutcome, context: JobContext): Failure | null {
  if (outcome.result?.status === "succeeded") return null;
  const { code, message, advice, details = {} } = reasonOf(outcome, context);
  return new Failure(code, {
    message,
    // Of a job that the user ended, nothing went wrong.
    hint: [...advice, ...(outcome.isInterrupted ? [] : circumstances(context)), ...logs(outcome)].join("\n"),
    details: {
      exitCode: outcome.exitCode,
      exitSignal: outcome.exitSignal,
      stdoutFile: outcome.stdoutFile,
      stderrFile: outcome.stderrFile,
      ...details,
    },
  });
}

interface Reason {
  readonly code: Failure["code"];
  readonly message: string;
  readonly advice: readonly string[];
  readonly details?: Failure["details"];
}

function reasonOf(outcome: JobOutcome, context: JobContext): Reason {
  const what = `${context.kind === "train" ? "Training" : "Evaluating"} ${context.modelName}`;
  if (outcome.isInterrupted) return { code: "INTERRUPTED", message: `${what} was stopped.`, advice: [] };
  if (outcome.isTimedOut) {
    return {
      code: "JOB_TIMED_OUT",
      message: `${what} took longer than its limit of ${(context.timeoutMs ?? 0) / 1000} s and was ended.`,
      advice: ["Allow more time with --timeout <seconds>, or see in the log what it was doing."],
    };
  }
  if (outcome.isOutOfMemory) return outOfMemory(what, context);
  const error = outcome.result?.error ?? null;
  if (error === null) return crash(what, outcome, context);
  return {
    code: context.kind === "train" ? "TRAINING_FAILED" : "EVALUATION_FAILED",
    message: `${what} failed.\n${formatModelError(error)}`,
    advice: adviseOnError(error, context.kind),
    details: { error: modelErrorDetails(error) },
  };
}

function outOfMemory(what: string, { memoryLimitBytes }: JobContext): Reason {
  const [limit, advice] =
    memoryLimitBytes === null
      ? ["the machine has", "Train on fewer rows, or on a machine with more memory."]
      : [`its limit of ${formatMemorySize(memoryLimitBytes)}`, "Allow more with --memory, or train on fewer rows."];
  return {
    code: "JOB_OUT_OF_MEMORY",
    message: `${what} used more memory than ${limit} and was ended.`,
    advice: [advice],
  };
}

function crash(what: string, outcome: JobOutcome, { kind, lastLines, isDiskFull }: JobContext): Reason {
  const end =
    outcome.exitSignal === null
      ? `ended with exit code ${outcome.exitCode ?? "unknown"}`
      : `was ended by ${outcome.exitSignal}`;
  if (isDiskFull) {
    return {
      code: "STATE_UNWRITABLE",
      message: `${what} failed: the disk is full, and its process ${end} without a result.`,
      advice: ["Free some space, or choose another place with --home or MODELWRIGHT_HOME."],
    };
  }
  const printed =
    lastLines.length === 0 ? "" : `\nThe last that it printed:\n${lastLines.map((line) => `  ${line}`).join("\n")}`;
  return {
    code: "JOB_CRASHED",
    message: `${what} failed: its process ${end} before ${kind} returned.${printed}`,
    advice: [adviceOnCrash(outcome)],
  };
}

/** What a process is ended by for its own fault; other signals come from outside. */
const CRASH_SIGNALS: readonly (string | null)[] = ["SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP"];

function adviceOnCrash({ exitSignal, exitCode }: JobOutcome): string {
  if (CRASH_SIGNALS.includes(exitSignal)) return "A library or the interpreter crashed; the log may name it.";
  if (exitSignal !== null) return "Something outside the model ended it; a system that runs out of memory does so.";
  return exitCode === 0
    ? "The model's code ended the process itself; it must return instead."
    : "The model's code, or a library that it uses, ended the process.";
}

function circumstances({ unset, hasNoData, missingData }: JobContext): readonly string[] {
  return [
    ...(hasNoData ? ["It was given no data (data_conf is empty): name a data configuration with --data."] : []),
    ...missingData.map(({ pointer, path }) => `data_conf${pointer} names ${path}, which does not exist.`),
    ...(unset.length === 0
      ? []
      : [`Variables that the definition asks for and that are not set: ${unset.join(", ")}.`]),
  ];
}

/** A line each and nothing after the path, so that it can be clicked or copied. */
function logs({ stderrFile, stdoutFile }: JobOutcome): readonly string[] {
  return [`The whole log: ${stderrFile}`, `What it printed: ${stdoutFile}`];
}
