import { Failure } from "../kernel/failure.ts";

/** @throws Failure `INTERRUPTED` when the signal is raised: its own reason where that is a Failure. */
export function requireNotInterrupted(signal: AbortSignal): void {
  if (!signal.aborted) return;
  if (signal.reason instanceof Failure) throw signal.reason;
  throw new Failure("INTERRUPTED", { message: "The work was stopped.", cause: signal.reason });
}
