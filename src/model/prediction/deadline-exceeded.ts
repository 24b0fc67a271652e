import { Failure } from "../../kernel/failure.ts";

/** @param timeoutMs - what the request was given. */
export function deadlineExceeded(timeoutMs: number): Failure {
  return new Failure("DEADLINE_EXCEEDED", {
    message: `The model did not answer within ${Number((timeoutMs / 1000).toPrecision(3))} s.`,
    hint: "Send fewer rows at once. Whoever runs the model can allow more time, or more workers.",
    details: { timeoutMs },
  });
}
