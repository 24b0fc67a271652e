import type { Call } from "./call.ts";

/**
 * Calls in the order in which they came: first those that the worker was sent, then those that wait. A worker takes
 * one after the other, so only the first that it was sent and has not answered, the head, can have been started.
 */
export class CallLine {
  #waiting: Call[] = [];
  readonly #sent = new Map<number, Call>();

  get sentCount(): number {
    return this.#sent.size;
  }

  get head(): Call | null {
    return this.#sent.values().next().value ?? null;
  }

  add(call: Call): void {
    this.#waiting.push(call);
  }

  /** The next call to send, now counted as sent; null when none waits. Those whose time is up are left out. */
  next(): Call | null {
    for (let call = this.#waiting.shift(); call !== undefined; call = this.#waiting.shift()) {
      if (call.isSettled) continue;
      this.#sent.set(call.id, call);
      return call;
    }
    return null;
  }

  /** The call that the worker answered; null when it was not sent one of this id. */
  finish(id: number): Call | null {
    const call = this.#sent.get(id) ?? null;
    this.#sent.delete(id);
    return call;
  }

  /** After the worker's end: what it had not started waits again, in its old place. Returns what it had started. */
  takeBack(): Call | null {
    const [head = null, ...unstarted] = this.#sent.values();
    this.#sent.clear();
    this.#waiting.unshift(...unstarted);
    return head;
  }

  /** Takes every call out. */
  clear(): readonly Call[] {
    const calls = [...this.#sent.values(), ...this.#waiting];
    this.#sent.clear();
    this.#waiting = [];
    return calls;
  }
}
