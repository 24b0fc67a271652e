/* Runs in a thread beside the model; started by watch-parent.ts. */
import { workerData } from "node:worker_threads";

import { killFamily } from "./process/kill-family.ts";

const INTERVAL_MS = 200;

const { parentPid } = workerData as { readonly parentPid: number };

function watch(): void {
  if (process.ppid === parentPid) return;
  killFamily();
  process.kill(process.pid, "SIGKILL");
}

watch();
setInterval(watch, INTERVAL_MS);
