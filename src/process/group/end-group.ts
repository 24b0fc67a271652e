import { setTimeout as sleep } from "node:timers/promises";

import type { GroupIdentity } from "./find-members.ts";
import { membersNow } from "./members-now.ts";

/** How long SIGKILL may take: a process that waits for a device ends only when the device answers. */
const KILL_PATIENCE_MS = 5_000;
const KILL_AGAIN_MS = 200;

/** Sends SIGTERM to every process of the group. */
export function terminateGroup(group: GroupIdentity): void {
  signalMembers(group, "SIGTERM");
}

/**
 * Gives every process of the group `graceMs` to end by itself, then ends it with SIGKILL. Resolves when none is left.
 * @returns false when some could not be ended within five seconds of SIGKILL.
 */
export async function endGroup(group: GroupIdentity, graceMs: number): Promise<boolean> {
  if (graceMs > 0 && (await areGone(group, graceMs))) return true;
  for (let waitedMs = 0; waitedMs < KILL_PATIENCE_MS; waitedMs += KILL_AGAIN_MS) {
    // Again and again: a process may be born between being listed and its parent's end.
    killGroup(group);
    if (await areGone(group, KILL_AGAIN_MS)) return true;
  }
  return false;
}

/** Sends SIGKILL to every process of the group, synchronously: also for the moment in which the tool exits. */
export function killGroup(group: GroupIdentity): void {
  signalMembers(group, "SIGKILL");
}

function signalMembers(group: GroupIdentity, signal: "SIGTERM" | "SIGKILL"): void {
  const members = membersNow(group);
  // The group first and at once, so that no parent sees its child die and starts another. While its leader is there the
  // number cannot be anybody else's.
  if (group.isLeaderAlive() || members.some((member) => member.groupId === group.id)) send(-group.id, signal);
  for (const member of members) if (member.groupId !== group.id) send(member.pid, signal);
}

function send(pid: number, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone meanwhile, or no longer ours (a program that changed its user): whether all are gone is looked at anyway.
  }
}

async function areGone(group: GroupIdentity, timeoutMs: number): Promise<boolean> {
  const endMs = performance.now() + timeoutMs;
  for (let pauseMs = 5; ; pauseMs = Math.min(pauseMs * 2, 100)) {
    if (membersNow(group).length === 0 && group.undecided.size === 0 && !group.isLeaderAlive()) return true;
    const leftMs = endMs - performance.now();
    if (leftMs <= 0) return false;
    await sleep(Math.min(pauseMs, leftMs));
  }
}
