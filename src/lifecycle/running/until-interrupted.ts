import { Failure } from "../../kernel/failure.ts";

/**
 * Does `work`; an interruption calls `stop`, which must make the work fail: a model that computes would hold it up.
 * Ends when both have ended.
 * @throws Failure `INTERRUPTED`, and whatever `work` throws.
 */
export async function untilInterrupted<T>(
  { signal, stop }: { readonly signal: AbortSignal; readonly stop: () => Promise<void> },
  work: () => Promise<T>,
): Promise<T> {
  let stopping: Promise<void> = Promise.resolve();
  const onAbort = (): void => {
    stopping = stop();
    // Whoever awaits it below sees its fault.
    stopping.catch(() => undefined);
  };
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await work();
  } catch (cause) {
    if (!signal.aborted) throw cause;
    throw new Failure("INTERRUPTED", { message: "Stopped before it was done.", cause });
  } finally {
    signal.removeEventListener("abort", onAbort);
    await stopping;
  }
}
