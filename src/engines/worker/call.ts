import type { Failure } from "../../kernel/failure.ts";
import type { ExactJson } from "../../model/ports/predictor.ts";
import { startTimer } from "../../process/start-timer.ts";
import { modelRaised, predictionMismatch } from "./engine-failures.ts";
import { deadlineExceeded } from "../../model/prediction/deadline-exceeded.ts";
import type { WorkerAnswer } from "./worker-process.ts";

export interface CallRequest {
  readonly rowsJson: string;
  readonly rowCount: number;
  /** `WorkerRequest.names` as JSON, if there are any. */
  readonly namesJson: string | null;
  readonly timeoutMs: number;
}

/** One request to a worker, from being asked to being answered. The first answer or failure counts. */
export class Call {
  readonly id: number;
  readonly answer: Promise<readonly ExactJson[]>;
  readonly #request: CallRequest;
  readonly #onDeadline: () => void;
  #isSettled = false;
  #stopTimer: () => void = () => undefined;
  #resolve: (predictions: readonly ExactJson[]) => void = () => undefined;
  #reject: (failure: Failure) => void = () => undefined;

  /** @param onDeadline - called after the call has failed because its time was up, which `watchDeadline` looks after. */
  constructor(id: number, request: CallRequest, onDeadline: () => void) {
    this.id = id;
    this.#request = request;
    this.#onDeadline = onDeadline;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  watchDeadline(): void {
    if (!this.#isSettled) this.#stopTimer = startTimer(this.#request.timeoutMs, () => this.#expire());
  }

  /** True when nobody waits for the answer any more. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** The frame for the worker. */
  get json(): string {
    const { namesJson, rowsJson } = this.#request;
    return `{"id":${this.id},${namesJson === null ? "" : `"names":${namesJson},`}"rows":${rowsJson}}`;
  }

  settleWith(message: WorkerAnswer): void {
    if (message.type === "error") this.fail(modelRaised(message.error));
    else if (message.predictions.length === this.#request.rowCount) this.#succeed(message.predictions);
    else this.fail(predictionMismatch(this.#request.rowCount, message.predictions.length));
  }

  fail(failure: Failure): void {
    if (this.#settle()) this.#reject(failure);
  }

  #succeed(predictions: readonly ExactJson[]): void {
    if (this.#settle()) this.#resolve(predictions);
  }

  #expire(): void {
    this.fail(deadlineExceeded(this.#request.timeoutMs));
    this.#onDeadline();
  }

  #settle(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    this.#stopTimer();
    return true;
  }
}
