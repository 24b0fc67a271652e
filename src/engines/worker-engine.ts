import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { writeFileAtomically } from "../files/write-file-atomically.ts";
import type { Clock } from "../kernel/clock.ts";
import { messageOf } from "../kernel/failure.ts";
import type { Log } from "../kernel/log.ts";
import type { Engine, PredictOptions } from "../model/ports/engine.ts";
import type { WorkerSpec } from "../model/ports/job.ts";
import type { ExactJson } from "../model/ports/predictor.ts";
import type { OnProgress } from "../model/ports/progress.ts";
import { CallDispatcher } from "./worker/call-dispatcher.ts";
import { describeEnd, type EndFacts } from "./worker/describe-end.ts";
import { handedBack, workerLost, workerOutOfMemory } from "./worker/engine-failures.ts";
import { restartDelay } from "./worker/restart-delay.ts";
import { startWorkerProcess, type WorkerProcess } from "./worker/worker-process.ts";

export interface WorkerEngineRequest {
  /** Program and arguments; `workerFile` is the absolute path of `worker.json`. */
  readonly commandFor: (workerFile: string) => readonly string[];
  /** The whole environment of the process. */
  readonly variables: Readonly<Record<string, string>>;
  /** Absolute folder, which exists, for `worker.json`. */
  readonly workerFolder: string;
  /** Absolute path, in a folder that exists, for what the model prints. Messages name it, so it should outlive a failure. */
  readonly logFile: string;
  readonly spec: WorkerSpec;
  readonly startTimeoutMs: number;
  /** Of the worker and all that it starts. */
  readonly memoryLimitBytes: number | null;
  readonly log: Log;
  readonly clock: Clock;
  /** Ends starting. Once the engine is there, `stop` ends it. */
  readonly signal: AbortSignal;
  readonly onProgress?: OnProgress | undefined;
  /**
   * True when other workers can answer: calls that a lost worker had not begun are then handed back at once instead of
   * waiting for its successor.
   */
  readonly handsBack?: boolean | undefined;
  /** Most bytes of one request or answer; 512 MiB unless told. */
  readonly maxFrameBytes?: number | undefined;
}

const LEAST_PATIENCE_MS = 1_000;

/**
 * Starts a worker that answers from now on.
 * @throws Failure `SCORER_FAILED`, `INTERPRETER_NOT_FOUND`, `STATE_UNWRITABLE`, `INTERRUPTED`; nothing runs then.
 */
export async function startWorkerEngine(request: WorkerEngineRequest): Promise<Engine> {
  const engine = new WorkerEngine(request);
  request.onProgress?.({ step: "worker.starting", message: "Loading the model" });
  await engine.start();
  request.onProgress?.({ step: "worker.ready", message: "The model is loaded" });
  return engine;
}

/**
 * Keeps a worker alive. While a lost one is being replaced, calls wait for the new one up to their deadlines: as a rule
 * it is there within seconds. Once a replacement has failed to start, nobody knows when there will be one, and calls
 * are rejected at once, so that callers can turn to somebody else; it is tried again all the same.
 */
class WorkerEngine implements Engine {
  readonly kind = "worker";
  readonly workerCount = 1;
  readonly #request: WorkerEngineRequest;
  readonly #calls: CallDispatcher;
  readonly #nextDelayMs = restartDelay();
  readonly #stopping = new AbortController();
  #forms: Engine["forms"];
  #worker: WorkerProcess | null = null;
  #readySinceMs = 0;
  #restarting: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | null = null;
  /** Why calls cannot even wait; null while they can. */
  #outage: string | null = null;

  constructor(request: WorkerEngineRequest) {
    this.#request = request;
    this.#calls = new CallDispatcher(request.clock);
    this.#forms = { predictForm: request.spec.predictForm, inputForm: request.spec.inputForm };
  }

  get forms(): Engine["forms"] {
    return this.#forms;
  }

  isReady(): boolean {
    return this.#worker !== null;
  }

  start(): Promise<void> {
    return this.#launch(this.#request.signal);
  }

  predict(
    rowsJson: string,
    rowCount: number,
    { timeoutMs, namesJson = null }: PredictOptions,
  ): Promise<readonly ExactJson[]> {
    if (this.#outage !== null) return Promise.reject(workerLost(this.#outage));
    return this.#calls.call({ rowsJson, rowCount, timeoutMs, namesJson });
  }

  stop(): Promise<void> {
    return (this.#stopped ??= this.#stop());
  }

  async #stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    this.#outage = "has been stopped";
    this.#stopping.abort();
    this.#calls.detach(workerLost(this.#outage));
    this.#calls.failAll(workerLost(this.#outage));
    await Promise.all([worker?.end(), this.#restarting]);
  }

  async #launch(signal: AbortSignal): Promise<void> {
    const { workerFolder, logFile, spec, commandFor, startTimeoutMs, clock, ...rest } = this.#request;
    const workerFile = join(workerFolder, "worker.json");
    // With the forms that were found out before, so that every worker takes rows as the first one did.
    await writeFileAtomically(workerFile, `${JSON.stringify({ ...spec, ...this.#forms }, null, 2)}\n`);
    const startMs = clock.monotonicMs();
    const worker = await startWorkerProcess({
      ...{ ...rest, clock, signal, timeoutMs: startTimeoutMs },
      command: commandFor(workerFile),
      cwd: spec.workFolder,
      logFile,
      onAnswer: (answer) => this.#calls.receive(answer),
      onDrain: () => this.#calls.drain(),
      onEnd: (end) => this.#lose(worker, end),
    });
    if (this.#stopping.signal.aborted) return worker.end();
    this.#readySinceMs = clock.monotonicMs();
    this.#worker = worker;
    this.#outage = null;
    if (worker.ready !== null)
      this.#forms = { predictForm: worker.ready.predictForm, inputForm: worker.ready.inputForm };
    this.#calls.attach(worker, Math.max(LEAST_PATIENCE_MS, this.#readySinceMs - startMs));
  }

  #lose(worker: WorkerProcess, end: EndFacts): void {
    this.#worker = null;
    const reason = describeEnd(end);
    const facts = { end: reason, log: this.#request.logFile };
    const told = `${reason}; it is being restarted`;
    this.#calls.detach(end.isOutOfMemory ? workerOutOfMemory(told, facts) : workerLost(told, facts));
    if (this.#request.handsBack === true) this.#calls.failAll(handedBack(reason));
    this.#restarting = this.#replace(worker, { end, reason });
  }

  async #replace(
    lost: WorkerProcess,
    { end, reason }: { readonly end: EndFacts; readonly reason: string },
  ): Promise<void> {
    const { clock, log } = this.#request;
    let delayMs = this.#nextDelayMs(clock.monotonicMs() - this.#readySinceMs);
    log("warn", "worker.lost", {
      ...{ processId: lost.processId, reason, isOutOfMemory: end.isOutOfMemory, restartInMs: delayMs },
      ...{ exitCode: end.exit.exitCode, exitSignal: end.exit.signal, lastLines: await lost.lastLines() },
    });
    // Its children may hold a port or a GPU that the new one needs.
    await lost.untilGone();
    while (await this.#pause(delayMs)) {
      try {
        await this.#launch(this.#stopping.signal);
        log("info", "worker.restarted", { processId: this.#worker?.processId ?? null });
        return;
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        this.#outage = "cannot be started again at present";
        this.#calls.failAll(workerLost(this.#outage));
        delayMs = this.#nextDelayMs(0);
        log("error", "worker.restart.failed", { reason: messageOf(error), restartInMs: delayMs });
      }
    }
  }

  /** False when the engine has been stopped meanwhile. */
  #pause(delayMs: number): Promise<boolean> {
    const signal = this.#stopping.signal;
    return sleep(delayMs, !signal.aborted, { signal }).catch(() => false);
  }
}
