import { readFile } from "node:fs/promises";

import { listRecentProcesses } from "./group/list-processes.ts";
import { membersAmong } from "./group/members-now.ts";
import type { GroupIdentity } from "./group/find-members.ts";
import type { ProcessEntry } from "./group/process-table.ts";

export interface MemoryWatch {
  /** Most that was measured so far; null before the first measurement. */
  peakBytes(): number | null;
  stop(): void;
}

const INTERVAL_MS = 250;
/** At most one part in twenty of the time goes into measuring, however many processes the machine has. */
const REST_FACTOR = 20;

/**
 * Memory that the processes of a group hold together, in bytes, or null where it cannot be measured.
 * Of a lone process its resident set. Of several, the proportional set (PSS) where Linux tells it: workers that were
 * forked share most pages, and the sum of resident sets would count these once for each (8 × 2 GB for a data set of
 * 2 GB). PSS takes 10 to 50 ms a resident 4 GB, so it is read only then, and never in the event loop's thread.
 */
export async function measureMemory(group: GroupIdentity): Promise<number | null> {
  const members = membersAmong(listRecentProcesses(), group);
  const sizes = await Promise.all(members.map((member) => processBytes(member, members.length > 1)));
  return sizes.reduce<number | null>((sum, size) => (size === null ? sum : (sum ?? 0) + size), null);
}

async function processBytes(entry: ProcessEntry, isOneOfMany: boolean): Promise<number | null> {
  if (entry.residentBytes !== null) return entry.residentBytes;
  const proportional = isOneOfMany ? await kibField(`/proc/${entry.pid}/smaps_rollup`, "Pss") : null;
  return proportional ?? (await kibField(`/proc/${entry.pid}/status`, "VmRSS"));
}

/** A field such as `VmRSS:    1234 kB`, in bytes. Pages are not 4 KiB everywhere, these lines are in KiB everywhere. */
async function kibField(path: string, name: string): Promise<number | null> {
  try {
    const kib = new RegExp(`^${name}:\\s*(\\d+) kB$`, "m").exec(await readFile(path, "latin1"))?.[1];
    return kib === undefined ? null : Number(kib) * 1024;
  } catch {
    return null;
  }
}

/**
 * Measures a group's memory again and again.
 * @param options.onExceeded - called once, with the measured bytes, when they are over `limitBytes`.
 */
export function watchMemory(
  group: GroupIdentity,
  options: { readonly limitBytes: number | null; readonly onExceeded: (bytes: number) => void },
): MemoryWatch {
  let peakBytes: number | null = null;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  const measure = async (): Promise<void> => {
    const startMs = performance.now();
    const bytes = await measureMemory(group);
    if (isStopped) return;
    if (bytes !== null) peakBytes = Math.max(bytes, peakBytes ?? 0);
    const isExceeded = bytes !== null && options.limitBytes !== null && bytes > options.limitBytes;
    if (isExceeded) options.onExceeded(bytes);
    else schedule(Math.max(INTERVAL_MS, (performance.now() - startMs) * REST_FACTOR));
  };
  const schedule = (delayMs: number): void => {
    timer = setTimeout(() => void measure(), delayMs);
  };
  void measure();
  return {
    peakBytes: () => peakBytes,
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
