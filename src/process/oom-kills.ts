import { readFileSync } from "node:fs";

/**
 * How many processes Linux has killed for want of memory since it started, in containers as on the whole machine; null
 * where that is not told. A process that died of a SIGKILL that nobody sent, while this number grew, was most likely one.
 */
export function countOomKills(): number | null {
  try {
    const count = /^oom_kill (\d+)$/m.exec(readFileSync("/proc/vmstat", "latin1"))?.[1];
    return count === undefined ? null : Number(count);
  } catch {
    return null;
  }
}
