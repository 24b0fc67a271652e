import { Worker } from "node:worker_threads";

/*
 * Runs as text in a thread of its own: a model in `while (true) {}` blocks every timer of the main thread.
 * The process leads its own group; if it does not (started by hand), only itself is ended.
 */
const WATCH = `
const { parentPid } = require("node:worker_threads").workerData;
function watch() {
  if (process.ppid === parentPid) return;
  try { process.kill(-process.pid, "SIGKILL"); } catch { process.kill(process.pid, "SIGKILL"); }
}
watch();
setInterval(watch, 200);
`;

/** Kills this process and its group within about 200 ms once process `parentPid` is no longer the parent. */
export function watchParent(parentPid: number): void {
  const thread = new Worker(WATCH, { eval: true, workerData: { parentPid }, execArgv: [] });
  thread.unref();
}
