import { killGroup } from "./end-group.ts";
import type { GroupIdentity } from "./find-members.ts";

/** Signals that end a Node process without its `exit` event when nobody listens. */
const ENDING_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Every group that this process started and has not seen end. Per process by nature, hence the one module state. */
const live = new Set<GroupIdentity>();

/** From now on the group is killed when the tool ends in any way that lets it act. */
export function registerGroup(group: GroupIdentity): void {
  if (live.size === 0) watchForTheEnd();
  live.add(group);
}

/** The group has ended, or is nobody's business any more. */
export function releaseGroup(group: GroupIdentity): void {
  if (live.delete(group) && live.size === 0) stopWatching();
}

function killAll(): void {
  for (const group of live) killGroup(group);
  live.clear();
}

/**
 * A command has its own handling of Ctrl-C and ends its work in order; then this does nothing. Without one the tool is
 * about to die of the signal: groups are killed first, and the signal is raised again for its usual effect.
 */
function onEndingSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  killAll();
  stopWatching();
  process.kill(process.pid, signal);
}

function watchForTheEnd(): void {
  // Before anything that removes what their processes work in.
  process.prependListener("exit", killAll);
  for (const signal of ENDING_SIGNALS) process.on(signal, onEndingSignal);
}

function stopWatching(): void {
  process.off("exit", killAll);
  for (const signal of ENDING_SIGNALS) process.off(signal, onEndingSignal);
}
