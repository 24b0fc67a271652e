import { setTimeout as sleep } from "node:timers/promises";

/** Waits for a condition that something outside of this process brings about. */
export async function waitUntil(isTrue: () => boolean | Promise<boolean>, timeoutMs = 60_000): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  while (!(await isTrue())) {
    if (performance.now() > endMs) throw new Error(`Not true within ${timeoutMs} ms: ${isTrue.toString()}`);
    await sleep(10);
  }
}
