import type { RunRecord } from "../model/run/run-record.ts";
import { listProcesses } from "../process/group/list-processes.ts";

/** A process as a run record names it: by more than its number, which comes to mean another process one day. */
export type ProcessIdentity = Pick<RunRecord["process"], "pid" | "startedAt">;

/**
 * The identity of a running process of this machine. `startedAt` is in whatever unit the system counts
 * (Linux: field 22 of `/proc/<pid>/stat`; elsewhere what `ps` prints); empty where it cannot be told.
 */
export function processIdentity(pid: number): ProcessIdentity {
  return { pid, startedAt: startTimeOf(pid) ?? "" };
}

/** True while the very process lives. Only for processes of this machine. */
export function isProcessAlive({ pid, startedAt }: ProcessIdentity): boolean {
  const startTime = startTimeOf(pid);
  return startTime !== null && (startedAt === "" || startTime === startedAt);
}

/** Like `isProcessAlive` for many processes: the table of processes is read once, when it is first asked. */
export function processTableOnce(): (process: ProcessIdentity) => boolean {
  let startTimes: ReadonlyMap<number, string> | null = null;
  return ({ pid, startedAt }) => {
    startTimes ??= new Map(listProcesses().map((entry) => [entry.pid, entry.startTime]));
    const startTime = startTimes.get(pid);
    return startTime !== undefined && (startedAt === "" || startTime === startedAt);
  };
}

function startTimeOf(pid: number): string | null {
  return listProcesses().find((entry) => entry.pid === pid)?.startTime ?? null;
}
