import { Failure } from "../../kernel/failure.ts";
import { formatModelError, modelErrorDetails, summariseModelError } from "../../model/run/format-model-error.ts";
import type { ModelError } from "../../model/run/run-record.ts";
import { describeEnd, type EndFacts } from "./describe-end.ts";

/** By this name the foreign halves say that a scorer gave another number of predictions than it was given rows. */
const MISMATCH_TYPE = "PredictionMismatch";
/** What the author package may find in the files of a model configuration. */
const AUTHOR_CODES = [
  ...(["PROOF_FAILED", "PICKLE_NOT_TRUSTED", "FILE_UNREADABLE"] as const),
  ...(["PACKAGE_MISSING", "SCHEMA_MISMATCH", "DATA_MALFORMED"] as const),
];
/** By this name they say that rows cannot be brought into the form that the scorer takes, which was never called. */
const UNFIT_TYPE = "RowsUnfit";

/** The scorer's own code failed while it was imported or constructed; the author package says by its code why. */
export function scorerRaised(error: ModelError, logFile: string): Failure {
  const code = AUTHOR_CODES.find((known) => known === error.code);
  if (code !== undefined) {
    return new Failure(code, { message: error.message, details: { error: modelErrorDetails(error), log: logFile } });
  }
  return new Failure("SCORER_FAILED", {
    message: `The model's scorer failed.\n${formatModelError(error)}\nThe full log is ${logFile}.`,
    hint: "Correct the model's code, its configuration or its artifacts.",
    details: { error: modelErrorDetails(error), log: logFile },
  });
}

/** The worker ended, or was ended, before it was ready. */
export function scorerDied(end: EndFacts, lastLines: readonly string[], logFile: string): Failure {
  const reason = describeEnd(end);
  const quoted = lastLines.map((line) => `\n  ${line}`).join("");
  return new Failure("SCORER_FAILED", {
    message: `The model's worker ${reason} before it was ready.${quoted}\nThe full log is ${logFile}.`,
    hint: end.isOutOfMemory
      ? "Allow its workers more memory, or run fewer of them."
      : "Look into the log for what the model's code did last.",
    details: { reason, lastLines, log: logFile },
  });
}

/** The model raised an error for these rows. The message has no traceback: it may be shown to clients. */
export function modelRaised(error: ModelError): Failure {
  if (error.type === UNFIT_TYPE) {
    return new Failure("REQUEST_MALFORMED", {
      message: error.message,
      hint: 'Send objects where the model takes names, arrays where it takes positions; {"inputs": [[…], …], "names": […]} gives both.',
    });
  }
  return new Failure(error.type === MISMATCH_TYPE ? "PREDICTION_MISMATCH" : "MODEL_FAILED", {
    message: `The model failed: ${summariseModelError(error)}`,
    details: { error: modelErrorDetails(error) },
  });
}

export function predictionMismatch(rowCount: number, predictionCount: number): Failure {
  return new Failure("PREDICTION_MISMATCH", {
    message: `The model was given ${rowCount} rows and answered with ${predictionCount} predictions.`,
    hint: "predict must return exactly one prediction a row, in the order of the rows.",
    details: { rowCount, predictionCount },
  });
}

/**
 * @param reason - what became of the worker, as a sentence's end: "was ended by signal SIGKILL".
 * @param facts - for who runs the model, not for its clients: how the process ended, and its log.
 */
export function workerLost(reason: string, facts: { readonly end?: string; readonly log?: string } = {}): Failure {
  return new Failure("WORKER_LOST", {
    message: `The model's worker ${reason}.`,
    hint: "Send the request again. If the same rows end the worker each time, the log of the model tells whoever runs it more.",
    details: { reason, ...facts },
  });
}

/** Its process, with all that it started, was over its limit, or the system had no more memory. */
export function workerOutOfMemory(reason: string, facts: { readonly end: string; readonly log: string }): Failure {
  return new Failure("WORKER_OUT_OF_MEMORY", {
    message: `The model's worker ${reason}.`,
    hint: "Send fewer rows at once. Whoever runs the model can allow it more memory.",
    details: { reason, ...facts },
  });
}

/** A call that the lost worker had not begun, for another worker to answer. */
export function handedBack(reason: string): Failure {
  return new Failure("WORKER_LOST", {
    message: `The model's worker ${reason}.`,
    details: { reason, isHandedBack: true },
  });
}

export function requestTooLarge(reason: string): Failure {
  return new Failure("BODY_TOO_LARGE", {
    message: `The rows are too many to hand to the model at once: ${reason}.`,
    hint: "Send fewer rows at once.",
  });
}

export function startInterrupted(): Failure {
  return new Failure("INTERRUPTED", { message: "Starting the model's worker was interrupted." });
}
