import { hasSystemCode } from "../kernel/failure.ts";
import { collectOutput } from "./collect-output.ts";
import { spawnGroup, type GroupExit, type ProcessGroup } from "./spawn-group.ts";
import { startTimer } from "./start-timer.ts";

export interface CommandOptions {
  readonly cwd: string;
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Of each of stdout and stderr; 16 MiB unless told. */
  readonly maxOutputBytes?: number | undefined;
  /** Written to stdin, which is empty otherwise. */
  readonly input?: string | Uint8Array | undefined;
}

/** How a command ended. It never throws for what the command does. */
export interface CommandResult {
  /** Null when it was ended by a signal or never ran. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** UTF-8; of too long an output its beginning. */
  readonly stdout: string;
  /** UTF-8; of too long an output its end. */
  readonly stderr: string;
  readonly isOutputCut: boolean;
  readonly isTimedOut: boolean;
  readonly isInterrupted: boolean;
  /** There is no such program, or it may not be run. */
  readonly isNotFound: boolean;
  readonly durationMs: number;
}

const DEFAULT_MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
const GRACE_MS = 2_000;
/** How long output is waited for after the end when somebody else (a daemon that was left behind) holds the pipe. */
const LEFTOVER_OUTPUT_MS = 250;

type Reason = "timedOut" | "interrupted";

/**
 * Runs a short program to its end, without a shell and in a process group of its own; timeout and abort end the whole
 * group. For programs of which only the result matters: git, pip, an interpreter that is probed.
 * @throws Failure `FILE_NOT_FOUND` for a missing working folder; system errors other than "no such program".
 */
export async function runCommand(command: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const startMs = performance.now();
  const base = { exitCode: null, signal: null, stdout: "", stderr: "", isOutputCut: false, isTimedOut: false };
  const ended = (): number => performance.now() - startMs;
  if (options.signal?.aborted) return { ...base, isInterrupted: true, isNotFound: false, durationMs: ended() };
  let group: ProcessGroup;
  try {
    group = await start(command, options);
  } catch (error) {
    if (!hasSystemCode(error, "ENOENT", "EACCES", "ENOTDIR")) throw error;
    return { ...base, isInterrupted: false, isNotFound: true, durationMs: ended() };
  }
  return { ...(await complete(group, options)), isNotFound: false, durationMs: ended() };
}

function start(command: readonly string[], options: CommandOptions): Promise<ProcessGroup> {
  const stdin = options.input === undefined ? undefined : "pipe";
  return spawnGroup({ command, cwd: options.cwd, variables: options.env, stdin, stdout: "pipe", stderr: "pipe" });
}

async function complete(
  group: ProcessGroup,
  options: CommandOptions,
): Promise<Omit<CommandResult, "isNotFound" | "durationMs">> {
  const maxBytes = options.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES;
  const stdout = collectOutput(group.child.stdout, maxBytes, "beginning");
  const stderr = collectOutput(group.child.stderr, maxBytes, "end");
  const closed = new Promise<void>((resolve) => group.child.once("close", () => resolve()));
  writeInput(group, options.input);
  const { exit, reason } = await waitForExit(group, options);
  const stopWaiting = startTimer(LEFTOVER_OUTPUT_MS, () => {
    group.child.stdout?.destroy();
    group.child.stderr?.destroy();
  });
  await closed;
  stopWaiting();
  return {
    ...exit,
    stdout: stdout.text(),
    stderr: stderr.text(),
    isOutputCut: stdout.isCut() || stderr.isCut(),
    isTimedOut: reason === "timedOut",
    isInterrupted: reason === "interrupted",
  };
}

function writeInput(group: ProcessGroup, input: string | Uint8Array | undefined): void {
  // A program that does not read its input closes it (EPIPE), which is its right.
  group.child.stdin?.on("error", () => undefined);
  group.child.stdin?.end(input);
}

/** How a command ended, and why it was ended, if it was. */
interface Finished {
  readonly exit: GroupExit;
  readonly reason: Reason | null;
}

/** An end that was brought about. */
interface Ending {
  readonly reason: Reason;
  /** Resolves when nothing of the group is left. */
  readonly done: Promise<boolean>;
}

/** Waits for the leader's end, and brings it about when time is up. */
async function waitForExit(group: ProcessGroup, { timeoutMs, signal }: CommandOptions): Promise<Finished> {
  let ending: Ending | null = null;
  const end = (reason: Reason): void => {
    ending ??= { reason, done: group.end(GRACE_MS) };
  };
  const interrupt = (): void => end("interrupted");
  const stopTimer = startTimer(timeoutMs ?? Infinity, () => end("timedOut"));
  signal?.addEventListener("abort", interrupt, { once: true });
  if (signal?.aborted) interrupt();
  const exit = await group.exited;
  stopTimer();
  signal?.removeEventListener("abort", interrupt);
  return finish(group, exit, ending);
}

async function finish(group: ProcessGroup, exit: GroupExit, ending: Ending | null): Promise<Finished> {
  // What a command leaves behind when it ends well is meant to stay: git starts daemons of its own.
  if (ending === null) group.release();
  else await ending.done;
  return { exit, reason: ending?.reason ?? null };
}
