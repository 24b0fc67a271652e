import { needsExactParse, parseExact } from "../../../src/model/prediction/exact-json.ts";
import type { ErrorDescriber } from "../model/describe-error.ts";
import type { ScorerCaller } from "./scorer.ts";
import { serializeValue } from "../serialize-value.ts";

interface Request {
  readonly id: number;
  readonly rows: readonly unknown[];
  readonly names?: readonly string[];
}

/** Answers requests one after the other, in the order in which they came: a scorer may keep state. */
export class RequestLoop {
  readonly #scorer: ScorerCaller;
  readonly #errors: ErrorDescriber;
  readonly #send: (json: string) => void;
  readonly #waiting: Request[] = [];
  #isRunning = false;
  /** The request that the model is working on. */
  #current: number | null = null;

  constructor(scorer: ScorerCaller, errors: ErrorDescriber, send: (json: string) => void) {
    this.#scorer = scorer;
    this.#errors = errors;
    this.#send = send;
  }

  /**
   * Takes the body of a request frame.
   * @throws SyntaxError when it is not JSON: the tool's fault, which ends the process.
   */
  accept(body: Buffer): void {
    const text = body.toString("utf8");
    this.#waiting.push((needsExactParse(text) ? parseExact(text) : JSON.parse(text)) as Request);
    if (this.#isRunning) return;
    this.#run().catch((error: unknown) => {
      // An answer that cannot be sent: as a rejection it would be one of the model's, which the worker outlives.
      setImmediate(() => {
        throw error;
      });
    });
  }

  /** Answers the request in hand with an error that escaped the model's call. */
  fail(thrown: unknown): void {
    if (this.#current !== null) this.#send(this.#error(this.#current, thrown));
  }

  /** Stays synchronous as long as the model is: nothing waits for a turn of the event loop. */
  async #run(): Promise<void> {
    this.#isRunning = true;
    for (let request = this.#waiting.shift(); request !== undefined; request = this.#waiting.shift()) {
      this.#current = request.id;
      const answer = this.#answer(request);
      this.#send(typeof answer === "string" ? answer : await answer);
      this.#current = null;
    }
    this.#isRunning = false;
  }

  #answer({ id, rows, names }: Request): string | Promise<string> {
    const reply = (predictions: ArrayLike<unknown>): string =>
      `{"type":"predictions","id":${id},"predictions":${serializeValue(predictions)}}`;
    try {
      const predictions = this.#scorer.predict(rows, names);
      if (!(predictions instanceof Promise)) return reply(predictions);
      return predictions.then(reply).catch((error: unknown) => this.#error(id, error));
    } catch (error) {
      return this.#error(id, error);
    }
  }

  #error(id: number, thrown: unknown): string {
    return JSON.stringify({ type: "error", id, error: this.#errors.describe(thrown) });
  }
}
