/** One process of this machine, as far as telling groups apart needs it. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parentPid: number;
  readonly groupId: number;
  /** When it began, in whatever unit the system tells: with `pid` it tells a process from one that got its number later. */
  readonly startTime: string;
  /** Only where the table tells it (`ps`). */
  readonly residentBytes: number | null;
}

/** PF_KTHREAD of the kernel's `include/linux/sched.h`. */
const KERNEL_THREAD = 0x0020_0000;

/**
 * One process of Linux's `/proc/<pid>/stat` (proc_pid_stat(5)), or null for what is none: threads of the kernel, and
 * processes that have ended. A zombie waits only for its parent to notice, and in containers it may wait for ever.
 */
export function parseStat(text: string): ProcessEntry | null {
  // The second field is the program's name in brackets, and may itself hold spaces and brackets.
  const nameEnd = text.lastIndexOf(")");
  const pid = Number.parseInt(text, 10);
  const fields = text.slice(nameEnd + 2).split(" ");
  const [state, parentPid, groupId] = fields;
  const startTime = fields[19];
  if (nameEnd === -1 || parentPid === undefined || groupId === undefined || startTime === undefined) return null;
  if (state === "Z" || state === "X" || (Number(fields[6]) & KERNEL_THREAD) !== 0) return null;
  return { pid, parentPid: Number(parentPid), groupId: Number(groupId), startTime, residentBytes: null };
}

/** Arguments for `ps` whose output `parsePsTable` reads. */
export const PS_ARGUMENTS = ["-axo", "pid=,ppid=,pgid=,stat=,rss=,lstart="];

/** The processes in the output of `ps`, without those that have ended. */
export function parsePsTable(text: string): readonly ProcessEntry[] {
  const entries: ProcessEntry[] = [];
  for (const line of text.split("\n")) {
    const [pid, parentPid, groupId, state, residentKib, ...start] = line.trim().split(/\s+/);
    if (state === undefined || residentKib === undefined || state.startsWith("Z")) continue;
    entries.push({
      pid: Number(pid),
      parentPid: Number(parentPid),
      groupId: Number(groupId),
      startTime: start.join(" "),
      residentBytes: Number(residentKib) * 1024,
    });
  }
  return entries;
}
