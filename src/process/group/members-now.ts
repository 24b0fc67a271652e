import { findMembers, type GroupIdentity } from "./find-members.ts";
import { hasInEnvironment, listProcesses } from "./list-processes.ts";
import type { ProcessEntry } from "./process-table.ts";

/** The living processes of the group now. Remembers them, so that they are found after they have left it. */
export function membersNow(group: GroupIdentity): readonly ProcessEntry[] {
  return membersAmong(listProcesses(), group);
}

/** Like `membersNow`, for a list of processes that is at hand. */
export function membersAmong(processes: readonly ProcessEntry[], group: GroupIdentity): readonly ProcessEntry[] {
  const members = findMembers(processes, group, (entry) => carriesMark(group, entry));
  remember(group.known, members);
  remember(group.unmarked, processes);
  return members;
}

/** Whoever was looked at before and is still here has no mark: a mark is inherited at birth and never taken on later. */
function carriesMark(group: GroupIdentity, entry: ProcessEntry): boolean {
  return group.unmarked.get(entry.pid) !== entry.startTime && hasInEnvironment(entry.pid, group.mark);
}

/** Those that have ended are forgotten: a worker lives for months and may start processes all the time. */
function remember(seen: Map<number, string>, processes: readonly ProcessEntry[]): void {
  seen.clear();
  for (const { pid, startTime } of processes) seen.set(pid, startTime);
}
