import { readFile } from "node:fs/promises";

import { listProcesses } from "../../../src/process/group/list-processes.ts";
import { waitUntil } from "./wait-until.ts";

/** True while the process runs (a zombie does not). */
export function isAlive(pid: number): boolean {
  return listProcesses().some((entry) => entry.pid === pid);
}

/** The process id that a test program writes into `file`. */
export async function pidFrom(file: string): Promise<number> {
  let pid = Number.NaN;
  await waitUntil(async () => {
    // Written with a line end, so that a number that is half written is not taken for whole.
    const text = await readFile(file, "utf8").catch(() => "");
    pid = text.endsWith("\n") ? Number(text) : Number.NaN;
    return !Number.isNaN(pid);
  });
  return pid;
}
