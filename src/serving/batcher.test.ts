import { setImmediate as nextTurn } from "node:timers/promises";

import { describe, expect, test } from "vitest";

import { systemClock, type Clock } from "../kernel/clock.ts";
import { Failure } from "../kernel/failure.ts";
import type { ExactJson } from "../model/ports/predictor.ts";
import { Batcher } from "./batcher.ts";
import { SERVING_LIMITS, type ServingLimits } from "./serving-limits.ts";
import { FunctionEngine, type AnswerRows } from "../../tests/support/function-engine.ts";

const TIMEOUT_MS = 10_000;

interface Setup {
  readonly answer?: AnswerRows;
  readonly batchable?: boolean;
  readonly limits?: Partial<ServingLimits>;
  readonly clock?: Clock;
}

const twice: AnswerRows = (rows) => rows.map((row) => Number(row) * 2);

function setUp({ answer = twice, batchable = true, limits = {}, clock = systemClock }: Setup = {}) {
  const engine = new FunctionEngine(answer);
  const batcher = new Batcher({ engine, batchable, limits: { ...SERVING_LIMITS, ...limits }, clock });
  const ask = (...rows: number[]): Promise<readonly ExactJson[]> =>
    batcher.submit({ rowsJson: rows.join(","), rowCount: rows.length, namesJson: null, keysJson: null }, TIMEOUT_MS);
  return { engine, batcher, ask };
}

/** A model that cannot bear some rows. */
function failsOn(...guilty: number[]): AnswerRows {
  return (rows) => {
    if (rows.some((row) => guilty.includes(Number(row))))
      throw new Failure("MODEL_FAILED", { message: "The model failed." });
    return twice(rows);
  };
}

async function codeOf(answer: Promise<unknown>): Promise<string> {
  const thrown: unknown = await answer.then(
    () => null,
    (error: unknown) => error,
  );
  return thrown instanceof Failure ? thrown.code : String(thrown);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await nextTurn();
}

function countTimers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
}

test("only rows whose values have the same names go together, in their order", async () => {
  const { engine, batcher } = setUp();
  const ask = (rowsJson: string, namesJson: string | null) =>
    batcher.submit({ rowsJson, rowCount: 1, namesJson, keysJson: null }, TIMEOUT_MS);
  const answers = await Promise.all([ask("1", '["a"]'), ask("2", '["a"]'), ask("3", '["b"]'), ask("4", null)]);
  expect(answers).toEqual([[2], [4], [6], [8]]);
  expect(engine.calls).toEqual([[1, 2], [3], [4]]);
  expect(engine.names).toEqual(['["a"]', '["b"]', null]);
});

describe("batching", () => {
  test("an idle model is asked in the same turn of the event loop", async () => {
    const { engine, ask } = setUp();
    const answer = ask(1, 2);
    await nextTurn();
    expect(engine.calls).toEqual([[1, 2]]);
    expect(await answer).toEqual([2, 4]);
  });

  test("a request that nobody can join is sent before the turn ends, and waits all the same while the model is busy", async () => {
    const { engine, batcher } = setUp();
    engine.hold();
    const askAlone = (rowsJson: string) =>
      batcher.submit({ rowsJson, rowCount: 1, namesJson: null, keysJson: null }, TIMEOUT_MS, true);
    const answers = [askAlone("1"), askAlone("2"), askAlone("3")];
    expect(engine.calls).toEqual([[1]]);
    await nextTurn();
    expect(engine.calls).toEqual([[1]]);
    engine.release();
    expect(await Promise.all(answers)).toEqual([[2], [4], [6]]);
    expect(engine.calls).toEqual([[1], [2, 3]]);
  });

  test("what one turn brought goes in one call, and each request gets its own rows back", async () => {
    const { engine, ask } = setUp();
    const answers = await Promise.all([ask(1), ask(2, 3), ask(4)]);
    expect(answers).toEqual([[2], [4, 6], [8]]);
    expect(engine.calls).toEqual([[1, 2, 3, 4]]);
  });

  test("what comes while the model is busy goes in one call after", async () => {
    const { engine, ask } = setUp();
    engine.hold();
    const first = ask(1);
    await nextTurn();
    const others = [ask(2), ask(3)];
    await nextTurn();
    others.push(ask(4));
    await nextTurn();
    expect(engine.calls).toEqual([[1]]);
    engine.release();
    expect(await Promise.all([first, ...others])).toEqual([[2], [4], [6], [8]]);
    expect(engine.calls).toEqual([[1], [2, 3, 4]]);
  });

  test("a call has no more rows than the limit, unless one request alone has", async () => {
    const { engine, ask } = setUp({ limits: { maxBatchRows: 3 } });
    await Promise.all([ask(1, 2), ask(3), ask(4), ask(5, 6, 7, 8), ask(9)]);
    expect(engine.calls).toEqual([[1, 2, 3], [4], [5, 6, 7, 8], [9]]);
  });

  test("a model that answers many rows otherwise than one gets every request alone", async () => {
    const { engine, ask } = setUp({ batchable: false });
    await Promise.all([ask(1), ask(2, 3), ask(4)]);
    expect(engine.calls).toEqual([[1], [2, 3], [4]]);
  });
});

describe("while the engine is busy", () => {
  test("one more call lies ready for it when that could not grow by waiting", async () => {
    const { engine, ask } = setUp({ limits: { maxBatchRows: 2 } });
    engine.hold();
    const answers = [ask(1), ask(2), ask(3), ask(4), ask(5), ask(6), ask(7)];
    await nextTurn();
    expect(engine.calls).toEqual([
      [1, 2],
      [3, 4],
    ]);
    engine.release();
    expect((await Promise.all(answers)).flat()).toEqual([2, 4, 6, 8, 10, 12, 14]);
    expect(engine.calls.slice(2)).toEqual([[5, 6], [7]]);
  });

  test.each([
    [0.5, "lies ready for a model that answers quickly", [[2], [3]]],
    [5, "waits for a model that takes its time", [[2]]],
  ])("after a call of %d ms what the next turn brings %s", async (durationMs, _, expected) => {
    let nowMs = 0;
    const clock = { now: systemClock.now, monotonicMs: () => nowMs };
    const { engine, ask } = setUp({ clock });
    engine.hold();
    const first = ask(1);
    await until(() => engine.calls.length === 1);
    nowMs += durationMs;
    engine.release();
    await first;
    await nextTurn();
    engine.hold();
    const answers = [ask(2)];
    for (const row of [3, 4]) {
      await nextTurn();
      answers.push(ask(row));
    }
    await nextTurn();
    expect(engine.calls.slice(1)).toEqual(expected);
    engine.release();
    expect((await Promise.all(answers)).flat()).toEqual([4, 6, 8]);
  });

  test("one more request lies ready for a model that gets every request alone", async () => {
    const { engine, ask } = setUp({ batchable: false });
    engine.hold();
    const answers = [ask(1), ask(2), ask(3)];
    await nextTurn();
    expect(engine.calls).toEqual([[1], [2]]);
    engine.release();
    expect((await Promise.all(answers)).flat()).toEqual([2, 4, 6]);
  });
});

describe("a failing call", () => {
  test("fails the guilty request and none of its neighbours, in few calls", async () => {
    const { engine, ask } = setUp({ answer: failsOn(37) });
    const answers = Array.from({ length: 64 }, (_, index) => ask(index));
    const outcomes = await Promise.allSettled(answers);
    for (const [index, outcome] of outcomes.entries())
      if (index !== 37) expect(outcome).toEqual({ status: "fulfilled", value: [index * 2] });
    expect(await codeOf(answers[37] ?? Promise.resolve())).toBe("MODEL_FAILED");
    expect(engine.calls.length).toBeLessThanOrEqual(13);
  });

  test("fails every guilty request when there are several", async () => {
    const { ask } = setUp({ answer: failsOn(0, 2) });
    const codes = await Promise.all([0, 1, 2, 3, 4].map((row) => codeOf(ask(row))));
    expect(codes).toEqual(["MODEL_FAILED", "null", "MODEL_FAILED", "null", "null"]);
  });

  test("with the wrong number of predictions fails the request that causes it only", async () => {
    const { ask } = setUp({ answer: (rows) => rows.filter((row) => row !== 2) });
    expect(await Promise.all([codeOf(ask(1)), codeOf(ask(2)), codeOf(ask(3))])).toEqual([
      "null",
      "PREDICTION_MISMATCH",
      "null",
    ]);
  });

  test("because the worker was lost fails the requests it had, and no others", async () => {
    let isLost = true;
    const { engine, ask } = setUp({
      answer: (rows) => {
        if (isLost) throw new Failure("WORKER_LOST", { message: "The worker ended." });
        return twice(rows);
      },
    });
    engine.hold();
    const started = [codeOf(ask(1)), codeOf(ask(2))];
    await until(() => engine.calls.length === 1);
    const waiting = ask(3);
    engine.release();
    expect(await Promise.all(started)).toEqual(["WORKER_LOST", "WORKER_LOST"]);
    isLost = false;
    expect(await waiting).toEqual([6]);
    expect(engine.calls).toEqual([[1, 2], [3]]);
  });
});

describe("admission", () => {
  test("refuses requests beyond the limit, says when to come back, and takes them again later", async () => {
    const { engine, ask } = setUp({ limits: { maxQueuedRequests: 2 } });
    engine.hold();
    const first = ask(1);
    await until(() => engine.calls.length === 1);
    const waiting = [ask(2), ask(3)];
    await expect(ask(4)).rejects.toMatchObject({ code: "QUEUE_FULL", details: { retryAfterSeconds: 1 } });
    engine.release();
    await Promise.all([first, ...waiting]);
    expect(await ask(5)).toEqual([10]);
  });

  test("counts rows too, but takes one large request when nothing waits", async () => {
    const { engine, ask } = setUp({ limits: { maxQueuedRows: 2 } });
    engine.hold();
    const first = ask(0);
    await until(() => engine.calls.length === 1);
    const large = ask(1, 2, 3);
    expect(await codeOf(ask(4))).toBe("QUEUE_FULL");
    engine.release();
    expect(await Promise.all([first, large])).toEqual([[0], [2, 4, 6]]);
    expect(await Promise.all([ask(5), ask(6)])).toEqual([[10], [12]]);
  });
});

describe("deadlines", () => {
  test("a request whose time runs out in the queue is answered and never sent", async () => {
    const { engine, batcher, ask } = setUp();
    engine.hold();
    const first = ask(1);
    await until(() => engine.calls.length === 1);
    expect(await codeOf(batcher.submit({ rowsJson: "2", rowCount: 1, namesJson: null, keysJson: null }, 20))).toBe(
      "DEADLINE_EXCEEDED",
    );
    engine.release();
    await first;
    expect(await ask(3)).toEqual([6]);
    expect(engine.calls).toEqual([[1], [3]]);
  });

  test("a request whose time runs out in a call is answered, and its neighbours still get theirs", async () => {
    const { engine, batcher, ask } = setUp();
    engine.hold();
    const patient = ask(1);
    expect(await codeOf(batcher.submit({ rowsJson: "2", rowCount: 1, namesJson: null, keysJson: null }, 20))).toBe(
      "DEADLINE_EXCEEDED",
    );
    engine.release();
    expect(await patient).toEqual([2]);
    expect(engine.calls).toEqual([[1, 2]]);
  });

  test("the engine is given as long as the most patient request of the call", async () => {
    const { engine, batcher } = setUp();
    await Promise.all([
      batcher.submit({ rowsJson: "1", rowCount: 1, namesJson: null, keysJson: null }, 50),
      batcher.submit({ rowsJson: "2", rowCount: 1, namesJson: null, keysJson: null }, 5_000),
    ]);
    expect(engine.timeoutsMs[0]).toBeGreaterThan(4_000);
    expect(engine.timeoutsMs[0]).toBeLessThanOrEqual(5_000);
  });

  test("no timer is left once nothing waits", async () => {
    const { engine, ask } = setUp();
    const before = countTimers();
    engine.hold();
    const answer = ask(1);
    expect(countTimers()).toBe(before + 1);
    engine.release();
    await answer;
    await until(() => countTimers() === before);
  });
});

test("what waits can be refused without touching what the engine has", async () => {
  const { engine, batcher, ask } = setUp();
  engine.hold();
  const first = ask(1);
  await until(() => engine.calls.length === 1);
  const waiting = codeOf(ask(2));
  batcher.rejectWaiting(new Failure("SERVER_DRAINING", { message: "Stopped." }));
  expect(await waiting).toBe("SERVER_DRAINING");
  engine.release();
  expect(await first).toEqual([2]);
});
