import { findMembers, type GroupIdentity } from "../../../src/process/group/find-members.ts";
import { listProcesses, readEnvironment } from "../../../src/process/group/list-processes.ts";

/** By this variable the tool marks all that it starts (see `src/process/spawn-group.ts`). */
const MARK_NAME = "_MODELWRIGHT_GROUP";
/** What is killed may be listed a little longer, and may have started more a moment before. */
const MAX_ROUNDS = 20;

/** Read at once: the model may change its environment. */
const mark = `${MARK_NAME}=${process.env[MARK_NAME] ?? "none"}`;

/**
 * Kills everything that this process started, also what has left its process group, but not itself: for the moment in
 * which the tool is gone, which would have done it.
 */
export function killFamily(): void {
  const group: GroupIdentity = {
    ...{ id: process.pid, isLeaderAlive: () => true, startTime: null, mark },
    ...{ known: new Map(), unmarked: new Map(), undecided: new Map() },
  };
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const members = findMembers(
      listProcesses(),
      group,
      ({ pid, parentPid }) => parentPid === process.pid || readEnvironment(pid)?.includes(mark) === true,
    );
    if (members.length === 0) return;
    for (const { pid } of members) kill(pid);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone meanwhile.
  }
}
