import { setTimeout as sleep } from "node:timers/promises";
import type { BuildContext, BuildFailure, BuildOptions, BuildResult, Message } from "esbuild";

import { messageOf } from "../../kernel/failure.ts";

/** As long as a timer can be: all that it does is to be there. */
const HOLD_MS = 2 ** 31 - 1;
/** How long after the bundler's process has died Ctrl-C may still come: the terminal sent it to both at once. */
const SAME_PRESS_MS = 200;

/** How many processes of esbuild have died: one at a time serves all bundles of this process. */
let deaths = 0;

/** What esbuild says is wrong with the code; empty when it is esbuild itself that could not go on. */
export function faultsOfCode(error: unknown): readonly Message[] {
  return (error as Partial<BuildFailure>).errors ?? [];
}

/**
 * Lets esbuild's process, which is shared by all bundles, work. One that has died is replaced.
 * @throws what esbuild throws: a `BuildFailure` for faults of the code, an `Error` when its process ends meanwhile.
 */
export async function runBundler(options: BuildOptions, signal: AbortSignal): Promise<BuildResult> {
  // Once esbuild's process has died nothing else holds this one, which would end before it reads that the output ended.
  const hold = setInterval(() => undefined, HOLD_MS);
  try {
    return await buildOnce(options, signal).catch((error: unknown) => {
      // It died after an earlier bundle, which is no fault of this one.
      if (/^The service (is no longer running|was stopped: write EPIPE)/.test(messageOf(error)))
        return buildOnce(options, signal);
      throw error;
    });
  } catch (error) {
    if (faultsOfCode(error).length === 0) await sleep(SAME_PRESS_MS, null, { signal }).catch(() => undefined);
    throw error;
  } finally {
    clearInterval(hold);
  }
}

async function buildOnce(options: BuildOptions, signal: AbortSignal): Promise<BuildResult> {
  // 30 ms to load: only for those who train or serve TypeScript.
  const esbuild = await import("esbuild");
  const deathsBefore = deaths;
  try {
    return await rebuild(await esbuild.context(options), signal);
  } catch (error) {
    // Without this every later bundle would be refused in the name of the process that died. Once for each that died:
    // another bundle may have started its successor already.
    if (!signal.aborted && faultsOfCode(error).length === 0 && deaths === deathsBefore) {
      deaths++;
      await esbuild.stop();
    }
    throw error;
  }
}

async function rebuild(context: BuildContext, signal: AbortSignal): Promise<BuildResult> {
  const cancel = (): void => void context.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    signal.throwIfAborted();
    return await context.rebuild();
  } finally {
    signal.removeEventListener("abort", cancel);
    await context.dispose();
  }
}
