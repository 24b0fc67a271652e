import type { Clock } from "../kernel/clock.ts";
import { Failure } from "../kernel/failure.ts";
import type { Engine, PredictOptions } from "../model/ports/engine.ts";
import type { ExactJson } from "../model/ports/predictor.ts";

interface Member {
  readonly engine: Engine;
  /** Rows that it was given and has not answered. */
  rowCount: number;
}

/**
 * Several engines of one model as one: each call goes to the one that has the fewest rows to answer. A lost member is
 * passed over until it is back, so the pool is ready as long as one of them is.
 * @param engines - at least one; started with `handsBack`, so that what a lost one had not begun goes to another.
 */
export function enginePool(engines: readonly Engine[], clock: Clock): Engine {
  return new EnginePool(engines, clock);
}

class EnginePool implements Engine {
  readonly kind = "worker";
  readonly workerCount: number;
  readonly #members: readonly Member[];
  readonly #clock: Clock;
  #turn = 0;

  constructor(engines: readonly Engine[], clock: Clock) {
    this.#members = engines.map((engine) => ({ engine, rowCount: 0 }));
    this.workerCount = engines.length;
    this.#clock = clock;
  }

  get forms(): Engine["forms"] {
    return this.#members[0]?.engine.forms ?? { predictForm: null, inputForm: null };
  }

  async predict(
    rowsJson: string,
    rowCount: number,
    { timeoutMs, namesJson = null }: PredictOptions,
  ): Promise<readonly ExactJson[]> {
    const deadlineMs = this.#clock.monotonicMs() + timeoutMs;
    for (;;) {
      const member = this.#leastBusy();
      const leftMs = Math.max(1, Math.ceil(deadlineMs - this.#clock.monotonicMs()));
      member.rowCount += rowCount;
      try {
        return await member.engine.predict(rowsJson, rowCount, { timeoutMs: leftMs, namesJson });
      } catch (error) {
        // A call that was begun is never repeated: its rows may be what ended the worker.
        if (!isHandedBack(error)) throw error;
      } finally {
        member.rowCount -= rowCount;
      }
    }
  }

  isReady(): boolean {
    return this.#members.some(({ engine }) => engine.isReady());
  }

  async stop(): Promise<void> {
    await Promise.all(this.#members.map(({ engine }) => engine.stop()));
  }

  /** Of those that are ready, if any are: a call to another waits until that is back. */
  #leastBusy(): Member {
    const ready = this.#members.filter(({ engine }) => engine.isReady());
    const candidates = ready.length > 0 ? ready : this.#members;
    // Of equals the next in turn, else the first would do all the work of a quiet model.
    const turn = this.#turn++;
    const [first, ...others] = candidates.map((_, index) => candidates[(index + turn) % candidates.length]);
    if (first === undefined) throw new Failure("INTERNAL", { message: "A pool without engines was asked." });
    return others.reduce<Member>(
      (least, one) => (one !== undefined && one.rowCount < least.rowCount ? one : least),
      first,
    );
  }
}

function isHandedBack(error: unknown): boolean {
  return error instanceof Failure && error.code === "WORKER_LOST" && error.details["isHandedBack"] === true;
}
