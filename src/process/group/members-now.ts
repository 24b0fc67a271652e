import { findMembers, type GroupIdentity } from "./find-members.ts";
import { listProcesses, readEnvironment } from "./list-processes.ts";
import type { ProcessEntry } from "./process-table.ts";

/**
 * A process that becomes another program (`execve`) has no environment for a moment, which lasts as long as it waits for
 * a processor. Whoever has none after this time was started without one.
 */
const BECOMING_MS = 200;

/** The living processes of the group now. Remembers them, so that they are found after they have left it. */
export function membersNow(group: GroupIdentity): readonly ProcessEntry[] {
  return membersAmong(listProcesses(), group);
}

/** Like `membersNow`, for a list of processes that is at hand. */
export function membersAmong(processes: readonly ProcessEntry[], group: GroupIdentity): readonly ProcessEntry[] {
  const undecided = new Map<number, number>();
  const members = findMembers(processes, group, (entry) => {
    // Whoever was looked at before has no mark: it is inherited at birth and never taken on later.
    if (group.unmarked.get(entry.pid) === entry.startTime) return false;
    const environment = readEnvironment(entry.pid);
    if (environment === "" && isYounger(entry, group)) {
      const sinceMs = group.undecided.get(entry.pid) ?? performance.now();
      if (performance.now() - sinceMs < BECOMING_MS) undecided.set(entry.pid, sinceMs);
    }
    return environment?.includes(group.mark) ?? false;
  });
  // Anew each time, so that those that have ended are forgotten: a worker lives for months and may start many.
  refill(group.undecided, undecided);
  refill(group.known, startTimesOf(members));
  refill(group.unmarked, startTimesOf(processes.filter((entry) => !undecided.has(entry.pid))));
  return members;
}

/** True when the process may have been started by the group. */
function isYounger(entry: ProcessEntry, group: GroupIdentity): boolean {
  return group.startTime !== null && Number(entry.startTime) >= Number(group.startTime);
}

function startTimesOf(processes: readonly ProcessEntry[]): ReadonlyMap<number, string> {
  return new Map(processes.map((entry) => [entry.pid, entry.startTime]));
}

function refill<V>(map: Map<number, V>, content: ReadonlyMap<number, V>): void {
  map.clear();
  for (const [key, value] of content) map.set(key, value);
}
