import { Failure } from "../../kernel/failure.ts";
import { formatModelError, modelErrorDetails } from "../../model/run/format-model-error.ts";
import type { JobOutcome } from "../../model/ports/executor.ts";
import type { RunKind } from "../../model/run/run-record.ts";

export interface JobContext {
  readonly kind: RunKind;
  readonly modelName: string;
  readonly timeoutMs: number | null;
  readonly memoryLimitBytes: number | null;
  /** Variables that the definition declares and that were not set. */
  readonly unset: readonly string[];
}

/** Why a job failed, for people: the model's own words first, then where the whole log is. Null: it succeeded. */
export function explainJobFailure(outcome: JobOutcome, context: JobContext): Failure | null {
  if (outcome.result?.status === "succeeded") return null;
  const verb = context.kind === "train" ? "Training" : "Evaluating";
  const hint = [...unsetHint(context.unset), `The whole log: ${outcome.stderrFile} and ${outcome.stdoutFile}.`].join(
    "\n",
  );
  const details = {
    exitCode: outcome.exitCode,
    exitSignal: outcome.exitSignal,
    stdoutFile: outcome.stdoutFile,
    stderrFile: outcome.stderrFile,
  };
  const what = `${verb} ${context.modelName}`;
  if (outcome.isInterrupted) return new Failure("INTERRUPTED", { message: `${what} was stopped.`, hint, details });
  if (outcome.isTimedOut) {
    const seconds = (context.timeoutMs ?? 0) / 1000;
    return new Failure("JOB_TIMED_OUT", {
      message: `${what} took longer than its limit of ${seconds} s and was ended.`,
      hint,
      details,
    });
  }
  if (outcome.isOutOfMemory) {
    const limit =
      context.memoryLimitBytes === null
        ? "the machine has"
        : `its limit of ${Math.round(context.memoryLimitBytes / 1e6)} MB`;
    return new Failure("JOB_OUT_OF_MEMORY", {
      message: `${what} used more memory than ${limit} and was ended.`,
      hint,
      details,
    });
  }
  const error = outcome.result?.error ?? null;
  if (error !== null) {
    return new Failure(context.kind === "train" ? "TRAINING_FAILED" : "EVALUATION_FAILED", {
      message: `${what} failed.\n${formatModelError(error)}`,
      hint,
      details: { ...details, error: modelErrorDetails(error) },
    });
  }
  const end =
    outcome.exitSignal === null ? `with exit code ${outcome.exitCode ?? "unknown"}` : `by ${outcome.exitSignal}`;
  return new Failure("JOB_CRASHED", {
    message: `${what} failed: its process ended ${end} and left no result.`,
    hint,
    details,
  });
}

function unsetHint(unset: readonly string[]): readonly string[] {
  if (unset.length === 0) return [];
  return [`Variables that the definition asks for and that are not set: ${unset.join(", ")}.`];
}
