import type { ProcessEntry } from "./process-table.ts";

/** What tells the processes of one group from all others. */
export interface GroupIdentity {
  /** Process id of the leader, which is the id of the group. */
  readonly id: number;
  /** False once the leader has ended and its number may have been given away. */
  readonly isLeaderAlive: () => boolean;
  /** When the leader began, as in Linux's `ProcessEntry.startTime`; null elsewhere. */
  readonly startTime: string | null;
  /** `NAME=value` that every process of the group inherits in its environment; no other process has it. */
  readonly mark: string;
  /** Start time by process id of every living process that was once seen in the group. */
  readonly known: Map<number, string>;
  /** The same of those that do not have the mark, so that each is looked at once only. */
  readonly unmarked: Map<number, string>;
  /** When (monotonic milliseconds) a process was first seen that may turn out to be a member. */
  readonly undecided: Map<number, number>;
}

/**
 * The living processes of a group: those in the process group, those that left it with `setsid` but descend from it,
 * were seen in it before, or carry its mark, and all that descend from these. A process that leaves the group, loses its
 * parent and empties its environment before anybody looks is not found; only a container holds such a one.
 */
export function findMembers(
  processes: readonly ProcessEntry[],
  group: GroupIdentity,
  hasMark: (entry: ProcessEntry) => boolean,
): readonly ProcessEntry[] {
  const children = byParent(processes);
  // A process that has the number of a leader that ended is somebody else, and so is the group it leads.
  const isGroupForeign = !group.isLeaderAlive() && processes.some((entry) => entry.pid === group.id);
  const members = new Map<number, ProcessEntry>();
  const pending = processes.filter(
    (entry) =>
      (entry.groupId === group.id && !isGroupForeign) ||
      group.known.get(entry.pid) === entry.startTime ||
      hasMark(entry),
  );
  for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
    if (members.has(entry.pid) || entry.pid === process.pid || entry.pid === 1) continue;
    members.set(entry.pid, entry);
    pending.push(...(children.get(entry.pid) ?? []));
  }
  return [...members.values()];
}

function byParent(processes: readonly ProcessEntry[]): ReadonlyMap<number, readonly ProcessEntry[]> {
  const children = new Map<number, ProcessEntry[]>();
  for (const entry of processes) {
    const siblings = children.get(entry.parentPid);
    if (siblings === undefined) children.set(entry.parentPid, [entry]);
    else siblings.push(entry);
  }
  return children;
}
