import type { Engine } from "../../src/model/ports/engine.ts";
import type { ExactJson } from "../../src/model/ports/predictor.ts";
import { parseExact } from "../../src/model/prediction/exact-json.ts";

/** Answers the rows of one call; throws what an engine throws. */
export type AnswerRows = (rows: readonly ExactJson[]) => readonly ExactJson[];

/** An engine in this process: answers with a function, at once or when it is let. */
export class FunctionEngine implements Engine {
  readonly kind = "worker";
  workerCount = 1;
  readonly forms = { predictForm: null, inputForm: null };
  /** The rows of every call, in order. */
  readonly calls: (readonly ExactJson[])[] = [];
  /** The names that came with each call, as JSON. */
  readonly names: (string | null)[] = [];
  readonly timeoutsMs: number[] = [];
  isStopped = false;
  isUp = true;
  readonly #answer: AnswerRows;
  #gate: Promise<void> | null = null;
  #open: () => void = () => undefined;

  constructor(answer: AnswerRows) {
    this.#answer = answer;
  }

  /** Calls are taken but not answered until `release`. */
  hold(): void {
    this.#gate = new Promise((resolve) => (this.#open = resolve));
  }

  release(): void {
    this.#gate = null;
    this.#open();
  }

  async predict(
    rowsJson: string,
    _rowCount: number,
    { timeoutMs, namesJson = null }: { readonly timeoutMs: number; readonly namesJson?: string | null },
  ): Promise<readonly ExactJson[]> {
    const rows = parseExact(rowsJson) as readonly ExactJson[];
    this.calls.push(rows);
    this.names.push(namesJson);
    this.timeoutsMs.push(timeoutMs);
    await this.#gate;
    return this.#answer(rows);
  }

  isReady(): boolean {
    return this.isUp;
  }

  stop(): Promise<void> {
    this.isStopped = true;
    return Promise.resolve();
  }
}
