import { stat } from "node:fs/promises";

import { Failure } from "../../kernel/failure.ts";

/** The same failure for somebody on the machine where the model runs: its log is named, which clients never see. */
export async function withLogOfWorker(error: unknown): Promise<unknown> {
  if (!(error instanceof Failure)) return error;
  const { code, message, hint, details, cause } = error;
  const { log } = details;
  if (!["WORKER_LOST", "WORKER_OUT_OF_MEMORY"].includes(code) || typeof log !== "string") return error;
  // A log that stays empty goes with the model.
  const { size } = await stat(log).catch(() => ({ size: 0 }));
  const where = size > 0 ? `The whole log: ${log}` : "It printed nothing before it ended.";
  const told = [...(hint === null ? [] : [hint]), where].join("\n");
  return new Failure(code, { message, hint: told, details, cause });
}

/**
 * What a failed prediction means to somebody who publishes or evaluates: there is no client who could ask again, and a
 * process that ended is the model's fault.
 * @param what - the rows that were asked, as a reader would name them: "the examples".
 */
export function explainPredictFailure(error: unknown, what: string): unknown {
  if (!(error instanceof Failure)) return error;
  const { code, message, details } = error;
  if (code === "WORKER_LOST" || code === "WORKER_OUT_OF_MEMORY") {
    const { end, log } = details;
    return new Failure("MODEL_FAILED", {
      message: `The model's process ${typeof end === "string" ? end : "ended"} while it answered ${what}.`,
      hint: typeof log === "string" ? `The whole log: ${log}` : "Correct the model's code.",
      details,
      cause: error,
    });
  }
  if (code !== "MODEL_FAILED" && code !== "PREDICTION_MISMATCH") return error;
  const hint =
    code === "MODEL_FAILED"
      ? `Correct the model's code, or ${what}.`
      : "predict must return exactly one prediction a row, in the order of the rows.";
  return new Failure(code, { message: `${message} (on ${what})`, hint, details, cause: error });
}
