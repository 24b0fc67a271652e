import { watchMemory } from "../process/group-memory.ts";
import type { ProcessGroup } from "../process/spawn-group.ts";
import { startTimer } from "../process/start-timer.ts";

/** Why the tool ended a job. */
export type EndReason = "timedOut" | "outOfMemory" | "interrupted";

export interface Limits {
  readonly timeoutMs: number | null;
  readonly memoryLimitBytes: number | null;
  readonly signal: AbortSignal;
  /** Between SIGTERM and SIGKILL. */
  readonly graceMs: number;
}

export interface Enforcement {
  /** Null while the job is let alone. */
  reason(): EndReason | null;
  peakMemoryBytes(): number | null;
  /** Ends watching. */
  stop(): void;
}

/** Ends the group when its time or memory is used up or when it is told to; the first reason counts. */
export function enforceLimits(group: ProcessGroup, limits: Limits): Enforcement {
  let reason: EndReason | null = null;
  const end = (why: EndReason, graceMs: number): void => {
    if (reason !== null) return;
    reason = why;
    void group.end(graceMs);
  };
  const interrupt = (): void => end("interrupted", limits.graceMs);
  const stopTimer = startTimer(limits.timeoutMs ?? Infinity, () => end("timedOut", limits.graceMs));
  const memory = watchMemory(group.identity, {
    limitBytes: limits.memoryLimitBytes,
    // No grace: it would go on growing until the system picks a victim of its own.
    onExceeded: () => end("outOfMemory", 0),
  });
  limits.signal.addEventListener("abort", interrupt, { once: true });
  if (limits.signal.aborted) interrupt();
  return {
    reason: () => reason,
    peakMemoryBytes: () => memory.peakBytes(),
    stop: () => {
      stopTimer();
      memory.stop();
      limits.signal.removeEventListener("abort", interrupt);
    },
  };
}
