import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { Duplex } from "node:stream";

import { Failure } from "../kernel/failure.ts";
import { endGroup, killGroup, terminateGroup } from "./group/end-group.ts";
import type { GroupIdentity } from "./group/find-members.ts";
import { readStartTime } from "./group/list-processes.ts";
import { registerGroup, releaseGroup } from "./group/live-groups.ts";

export interface SpawnRequest {
  /** Program and arguments; no shell looks at them. */
  readonly command: readonly string[];
  readonly cwd: string;
  /** The whole environment, but for the mark by which processes that leave the group are found again. */
  readonly variables: Readonly<Record<string, string>>;
  readonly stdin?: "pipe" | undefined;
  /** A descriptor of an open file, or a pipe on `child`. */
  readonly stdout: number | "pipe";
  readonly stderr: number | "pipe";
  /** True: descriptor 3 of the process is one end of a two-way socket, `channel` the other. */
  readonly hasChannel?: boolean | undefined;
}

export interface GroupExit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that leads a process group (and session) of its own, and all that it starts. */
export interface ProcessGroup {
  readonly identity: GroupIdentity;
  readonly child: ChildProcess;
  readonly channel: Duplex | null;
  /**
   * How the leader ended. On `exit` and not `close`: a grandchild that inherited a pipe or descriptor 3 keeps it open
   * for as long as it likes.
   */
  readonly exited: Promise<GroupExit>;
  /** Ends all that is left of the group: SIGTERM, after `graceMs` SIGKILL. False when something could not be ended. */
  end(graceMs: number): Promise<boolean>;
  /** SIGKILL to all of the group, without waiting. */
  kill(): void;
  /** The leader has ended, and what it left behind may stay. */
  release(): void;
}

/** Not `MODELWRIGHT_…`: those are settings of the tool, and a model may well run the tool. */
const MARK_NAME = "_MODELWRIGHT_GROUP";

/**
 * Starts a program as the leader of a process group. The group is killed when the tool exits; `end` or `release` it.
 * @throws the system's error (`ENOENT`, `EACCES`, …) when the program cannot be started; Failure `FILE_NOT_FOUND` when
 * the working folder is missing.
 */
export async function spawnGroup(request: SpawnRequest): Promise<ProcessGroup> {
  const markValue = randomUUID();
  const child = spawnLeader(request, markValue);
  // Before the first turn of the event loop, so that no end is missed, however early.
  const exited = watchExit(child);
  if (child.pid === undefined) return await rejectWithSpawnError(child, request.cwd);
  const identity: GroupIdentity = {
    id: child.pid,
    isLeaderAlive: () => child.exitCode === null && child.signalCode === null,
    startTime: readStartTime(child.pid),
    mark: `${MARK_NAME}=${markValue}`,
    known: new Map(),
    unmarked: new Map(),
    undecided: new Map(),
  };
  registerGroup(identity);
  let isTerminated = false;
  return {
    ...{ identity, child, channel: channelOf(child), exited },
    end: async (graceMs) => {
      // Once: Python, for one, has its handlers taken down while it exits, and a second SIGTERM then spoils the exit.
      if (graceMs > 0 && !isTerminated) terminateGroup(identity);
      isTerminated = true;
      const isGone = await endGroup(identity, graceMs);
      if (isGone) releaseGroup(identity);
      return isGone;
    },
    kill: () => killGroup(identity),
    release: () => releaseGroup(identity),
  };
}

function spawnLeader(request: SpawnRequest, markValue: string): ChildProcess {
  const [program = "", ...programArguments] = request.command;
  const channel = request.hasChannel ? ["pipe" as const] : [];
  return spawn(program, programArguments, {
    cwd: request.cwd,
    env: { ...request.variables, [MARK_NAME]: markValue },
    // A session of its own: Ctrl-C in the terminal reaches the tool alone, which then ends its groups in order.
    detached: true,
    stdio: [request.stdin ?? "ignore", request.stdout, request.stderr, ...channel],
  });
}

function watchExit(child: ChildProcess): Promise<GroupExit> {
  return new Promise((resolve) => {
    child.once("exit", (exitCode, signal) => resolve({ exitCode, signal }));
  });
}

async function rejectWithSpawnError(child: ChildProcess, cwd: string): Promise<never> {
  const [error] = (await once(child, "error")) as [Error];
  // The system says "no such file" of the program and of the working folder alike.
  if (existsSync(cwd)) throw error;
  throw new Failure("FILE_NOT_FOUND", { message: `The working folder ${cwd} does not exist.`, cause: error });
}

function channelOf(child: ChildProcess): Duplex | null {
  const stream = child.stdio[3];
  if (!(stream instanceof Duplex)) return null;
  // It may break before anybody listens; that the process has ended is told by `exited`.
  stream.on("error", () => undefined);
  return stream;
}
