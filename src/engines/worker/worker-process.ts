import { setImmediate as nextTurn } from "node:timers/promises";

import type { Failure } from "../../kernel/failure.ts";
import type { Log } from "../../kernel/log.ts";
import type { WorkerMessage } from "../../model/ports/job.ts";
import { boundLog } from "../../process/bounded-log.ts";
import { frameChannel, type FrameChannel } from "../../process/frame-channel.ts";
import { watchMemory, type MemoryWatch } from "../../process/group-memory.ts";
import { countOomKills } from "../../process/oom-kills.ts";
import { readTail } from "../../process/read-tail.ts";
import type { GroupExit } from "../../process/spawn-group.ts";
import { startTimer } from "../../process/start-timer.ts";
import { lastLinesOf, type EndFacts } from "./describe-end.ts";
import { scorerDied, scorerRaised, startInterrupted } from "./engine-failures.ts";
import { parseWorkerMessage } from "./parse-worker-message.ts";
import { spawnWorker, type SpawnedWorker, type WorkerProgram } from "./spawn-worker.ts";

export type WorkerAnswer = Extract<WorkerMessage, { type: "predictions" | "error" }>;
export type WorkerReady = Extract<WorkerMessage, { type: "ready" }>;

export interface WorkerStart extends WorkerProgram {
  readonly timeoutMs: number;
  readonly memoryLimitBytes: number | null;
  readonly maxFrameBytes?: number | undefined;
  readonly log: Log;
  /** Ends starting; a worker that is ready does not heed it. */
  readonly signal: AbortSignal;
  readonly onAnswer: (answer: WorkerAnswer) => void;
  /** After `send` returned false: more may be sent. */
  readonly onDrain: () => void;
  /** The process of a worker that was ready has ended, and every answer that it wrote was handed on. Not after `end`. */
  readonly onEnd: (end: EndFacts) => void;
}

const GRACE_MS = 2_000;
const LEFTOVER_GRACE_MS = 500;
/** How long a process may live on after it closed its channel. */
const SPEECHLESS_MS = 1_000;
const MAX_LOG_BYTES = 16 * 1024 * 1024;
const LOG_TAIL_BYTES = 8 * 1024;
const MIB = 1024 * 1024;

/**
 * Starts a worker and waits until it is ready.
 * @throws Failure `SCORER_FAILED`, `INTERRUPTED`, `INTERPRETER_NOT_FOUND`, `STATE_UNWRITABLE`; nothing runs then.
 */
export async function startWorkerProcess(start: WorkerStart): Promise<WorkerProcess> {
  if (start.signal.aborted) throw startInterrupted();
  const oomKillsBefore = countOomKills();
  const worker = new WorkerProcess(start, await spawnWorker(start), oomKillsBefore);
  await worker.untilReady();
  return worker;
}

/** One process of a worker, from its birth to its end. */
export class WorkerProcess {
  readonly #start: WorkerStart;
  readonly #spawned: SpawnedWorker;
  readonly #channel: FrameChannel;
  readonly #oomKillsBefore: number | null;
  readonly #untilReady: Promise<void>;
  readonly #gone: Promise<void>;
  #settleStart: { readonly resolve: () => void; readonly reject: (failure: Failure) => void } | null = null;
  #unwatch: () => void = () => undefined;
  #unwatchStart: () => void = () => undefined;
  #ready: WorkerReady | null = null;
  #startFailure: Failure | null = null;
  #killReason: string | null = null;
  #isOutOfMemory = false;
  #isEnding = false;

  constructor(start: WorkerStart, spawned: SpawnedWorker, oomKillsBefore: number | null) {
    this.#start = start;
    this.#spawned = spawned;
    this.#oomKillsBefore = oomKillsBefore;
    this.#untilReady = new Promise((resolve, reject) => (this.#settleStart = { resolve, reject }));
    this.#channel = frameChannel(spawned.channel, {
      maxFrameBytes: start.maxFrameBytes,
      onFrame: (bytes) => this.#receive(bytes),
      onEnd: (fault) => this.#loseChannel(fault),
      onDrain: start.onDrain,
    });
    this.#watch();
    this.#watchStart();
    this.#gone = this.#seeItEnd();
  }

  /** @throws Failure `SCORER_FAILED`, `INTERRUPTED`, when nothing of the worker runs any more. */
  untilReady(): Promise<void> {
    return this.#untilReady;
  }

  /** What it said when it was ready. */
  get ready(): WorkerReady | null {
    return this.#ready;
  }

  get processId(): number {
    return this.#spawned.group.identity.id;
  }

  /** Returns false when no more should be sent until `onDrain`. @throws RangeError for a frame that is too large. */
  send(json: string): boolean {
    return this.#channel.send(json);
  }

  /** Ends it at once; `onEnd` follows. @param reason - the end of a sentence: "did not answer …". */
  kill(reason: string): void {
    this.#killReason ??= reason;
    this.#spawned.group.kill();
  }

  /** Ends it in peace, and resolves when nothing of it runs any more. */
  async end(): Promise<void> {
    this.#isEnding = true;
    await this.#spawned.group.end(GRACE_MS);
    await this.#gone;
  }

  /** Resolves when nothing of it runs any more, children included. */
  untilGone(): Promise<void> {
    return this.#gone;
  }

  /** The last lines that it printed. */
  async lastLines(): Promise<readonly string[]> {
    const tail = await readTail(this.#start.logFile, LOG_TAIL_BYTES);
    return lastLinesOf(tail.toString("utf8"), this.#spawned.logBeginning);
  }

  #receive(bytes: Buffer): void {
    const { message, fault } = parseWorkerMessage(bytes);
    if (message === null) this.kill(`sent a message that is not understood (${fault}), and was killed`);
    else if (message.type === "ready") this.#becomeReady(message);
    else if (message.type === "failed") this.#failToStart(scorerRaised(message.error, this.#start.logFile));
    else if (this.#ready === null) this.kill("answered before it was ready, and was killed");
    else this.#start.onAnswer(message);
  }

  #becomeReady(message: WorkerReady): void {
    if (this.#ready !== null || this.#startFailure !== null) return;
    this.#ready = message;
    this.#unwatchStart();
    this.#settleStart?.resolve();
  }

  #failToStart(failure: Failure): void {
    if (this.#ready !== null) {
      this.kill("said that it failed after it was ready, and was killed");
      return;
    }
    this.#startFailure ??= failure;
    void this.#spawned.group.end(GRACE_MS);
  }

  #loseChannel(fault: string | null): void {
    if (fault !== null) {
      this.kill(`wrote something on descriptor 3 that is no frame (${fault}), and was killed`);
      return;
    }
    // As a rule the process has ended, and its end is about to be reported.
    void this.#spawned.group.exited.then(
      startTimer(SPEECHLESS_MS, () => this.kill("closed its channel, and was killed")),
    );
  }

  #watch(): void {
    const { memoryLimitBytes, log, logFile } = this.#start;
    const unbind = boundLog({ path: logFile, limitBytes: MAX_LOG_BYTES, log });
    const memory = memoryLimitBytes === null ? null : this.#watchMemory(memoryLimitBytes);
    this.#unwatch = () => {
      unbind();
      memory?.stop();
    };
  }

  #watchMemory(limitBytes: number): MemoryWatch {
    return watchMemory(this.#spawned.group.identity, {
      limitBytes,
      onExceeded: (bytes) => {
        this.#isOutOfMemory = true;
        this.kill(
          `used ${Math.round(bytes / MIB)} MiB of memory, more than its limit of ${Math.round(limitBytes / MIB)} MiB, and was killed`,
        );
      },
    });
  }

  #watchStart(): void {
    const { timeoutMs, signal } = this.#start;
    const stopTimer = startTimer(timeoutMs, () =>
      this.kill(`took longer than ${timeoutMs / 1000} s to start, and was killed,`),
    );
    const interrupt = (): void => this.#failToStart(startInterrupted());
    signal.addEventListener("abort", interrupt, { once: true });
    this.#unwatchStart = () => {
      stopTimer();
      signal.removeEventListener("abort", interrupt);
    };
    if (signal.aborted) interrupt();
  }

  async #seeItEnd(): Promise<void> {
    const exit = await this.#spawned.group.exited;
    await this.#readRest();
    this.#unwatch();
    this.#unwatchStart();
    this.#channel.close();
    const facts = this.#factsOf(exit);
    if (this.#ready !== null && !this.#isEnding) this.#start.onEnd(facts);
    await this.#spawned.group.end(LEFTOVER_GRACE_MS);
    if (this.#ready !== null) return;
    const lastLines = await this.lastLines();
    this.#settleStart?.reject(this.#startFailure ?? scorerDied(facts, lastLines, this.#start.logFile));
  }

  /**
   * What the process wrote before it ended lies in the socket and is read in the next turns of the event loop. The end
   * of the stream would be no sign: a grandchild that inherited descriptor 3 may put it off for ever.
   */
  async #readRest(): Promise<void> {
    let before: number;
    do {
      before = this.#channel.receivedBytes();
      await nextTurn();
      await nextTurn();
    } while (this.#channel.receivedBytes() !== before);
  }

  #factsOf(exit: GroupExit): EndFacts {
    const isVictim =
      exit.signal === "SIGKILL" &&
      this.#killReason === null &&
      this.#oomKillsBefore !== null &&
      (countOomKills() ?? 0) > this.#oomKillsBefore;
    return { exit, killReason: this.#killReason, isOutOfMemory: this.#isOutOfMemory || isVictim };
  }
}
