import { Worker } from "node:worker_threads";

/**
 * Kills this process and all that it started within about 200 ms once process `parentPid` is no longer the parent.
 * In a thread of its own: a model in `while (true) {}` blocks every timer of the main thread.
 */
export function watchParent(parentPid: number): void {
  const thread = new Worker(new URL("./watch-thread.js", import.meta.url), { workerData: { parentPid }, execArgv: [] });
  thread.unref();
}
