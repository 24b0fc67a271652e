import { Failure, messageOf } from "../../kernel/failure.ts";
import { formatModelFrames } from "../../model/run/format-model-error.ts";
import { ModelErrorSchema } from "../../model/run/model-error-schema.ts";
import type { JsonObject } from "../../kernel/json.ts";

/** An error as people read it: what and where, then what to do. */
export function renderFailure(failure: Failure): string {
  const hint = failure.hint === null ? "" : `\n  → ${failure.hint.replaceAll("\n", "\n    ")}`;
  return `error ${failure.code}: ${failure.message}${traceback(failure)}${hint}`;
}

/**
 * Where the model's code failed while it predicted. Such messages are short because servers log them for every request;
 * whoever runs a command wants to see the line.
 */
function traceback({ code, details }: Failure): string {
  if (code !== "MODEL_FAILED" && code !== "PREDICTION_MISMATCH") return "";
  const error = ModelErrorSchema.safeParse(details["error"]);
  return error.success && error.data.frames.length > 0 ? `\n${formatModelFrames(error.data)}` : "";
}

/** An error as programs read it. */
export function failureJson(failure: Failure): JsonObject {
  return {
    error: {
      code: failure.code,
      kind: failure.kind,
      message: failure.message,
      hint: failure.hint,
      details: failure.details,
    },
  };
}

/** Standard output is a file on a full disk, or was closed. */
export function outputUnwritable(cause: Error): Failure {
  return new Failure("OUTPUT_UNWRITABLE", {
    message: `Standard output cannot be written: ${messageOf(cause)}.`,
    hint: "Free some space, or send the output elsewhere. What the command did is done: runs and versions that it made are there.",
    cause,
  });
}

/** Turns anything that was thrown into a `Failure`; what nobody expected is a fault of the tool. */
export function asFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return new Failure("INTERNAL", {
    message: stack,
    hint: "This is a fault of modelwright. Please report it with the lines above.",
    cause: thrown,
  });
}
