import type { Clock } from "../../kernel/clock.ts";
import type { Failure } from "../../kernel/failure.ts";
import type { ExactJson } from "../../model/ports/predictor.ts";
import { startTimer } from "../../process/start-timer.ts";
import { CallLine } from "./call-line.ts";
import { Call, type CallRequest } from "./call.ts";
import { requestTooLarge } from "./engine-failures.ts";
import type { WorkerAnswer, WorkerProcess } from "./worker-process.ts";

/**
 * Calls that the worker may have at once. It works on one; the other lies ready in its socket, which hides the way
 * there and back (measured: 12,000 small frames a second with one, 30,000 with two). More would only have to wait
 * behind a call that gets stuck.
 */
const CALLS_AT_ONCE = 2;

/** Hands calls to whichever worker is there, one after the other, and its answers back to the callers. */
export class CallDispatcher {
  readonly #clock: Clock;
  readonly #line = new CallLine();
  #worker: Pick<WorkerProcess, "send" | "kill"> | null = null;
  #patienceMs = 0;
  #lastId = 0;
  #canSend = true;
  #headSinceMs = 0;
  #stopWatching: () => void = () => undefined;
  readonly #onDeadline = (): void => this.#watchHead();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves or rejects by the call's deadline, whatever becomes of the worker. */
  call(request: CallRequest): Promise<readonly ExactJson[]> {
    const call = new Call(++this.#lastId, request, this.#onDeadline);
    this.#line.add(call);
    this.#send();
    // Last, so that the worker has begun.
    call.watchDeadline();
    return call.answer;
  }

  /**
   * From now on calls go to this worker.
   * @param patienceMs - how long it may go on with a call for which nobody waits any more before it counts as stuck.
   */
  attach(worker: Pick<WorkerProcess, "send" | "kill">, patienceMs: number): void {
    this.#worker = worker;
    this.#patienceMs = patienceMs;
    this.#canSend = true;
    this.#send();
  }

  /** The worker has ended: the call that it had started fails with `failure`, the others wait for the next worker. */
  detach(failure: Failure): void {
    this.#worker = null;
    this.#stopWatching();
    this.#line.takeBack()?.fail(failure);
  }

  /** An answer has come from the worker. */
  receive(answer: WorkerAnswer): void {
    const isHead = this.#line.head?.id === answer.id;
    const call = this.#line.finish(answer.id);
    if (call === null) {
      this.#worker?.kill("answered a request that it was not sent, and was killed");
      return;
    }
    if (isHead) this.#beginHead();
    this.#send();
    call.settleWith(answer);
  }

  /** The worker's socket takes more again. */
  drain(): void {
    this.#canSend = true;
    this.#send();
  }

  failAll(failure: Failure): void {
    for (const call of this.#line.clear()) call.fail(failure);
  }

  #send(): void {
    while (this.#worker !== null && this.#canSend && this.#line.sentCount < CALLS_AT_ONCE) {
      const call = this.#line.next();
      if (call === null) return;
      if (this.#line.head === call) this.#beginHead();
      try {
        this.#canSend = this.#worker.send(call.json);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        this.#line.finish(call.id);
        call.fail(requestTooLarge(error.message));
      }
    }
  }

  #beginHead(): void {
    this.#headSinceMs = this.#clock.monotonicMs();
    this.#watchHead();
  }

  /**
   * Nobody waits for the head any more, so the worker keeps all others waiting for nothing. But killing it costs a start:
   * it is done once the worker has taken as long over this call as starting another one takes. A deadline alone is no
   * reason, else any client with a short one could kill workers.
   */
  #watchHead(): void {
    this.#stopWatching();
    if (this.#line.head?.isSettled !== true) return;
    const leftMs = this.#headSinceMs + this.#patienceMs - this.#clock.monotonicMs();
    const kill = (): void => this.#worker?.kill("was stuck on a request whose time was up, and was killed");
    this.#stopWatching = startTimer(Math.max(0, leftMs), kill);
  }
}
