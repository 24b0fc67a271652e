import { expect, test } from "vitest";

import { systemClock } from "../kernel/clock.ts";
import type { Failure } from "../kernel/failure.ts";
import { FunctionEngine } from "../../tests/support/function-engine.ts";
import { enginePool } from "./engine-pool.ts";
import { handedBack, workerLost } from "./worker/engine-failures.ts";

function setUp(count = 2) {
  const engines = Array.from({ length: count }, () => new FunctionEngine((rows) => rows));
  const pool = enginePool(engines, systemClock);
  const ask = (...rows: number[]) => pool.predict(JSON.stringify(rows), rows.length, { timeoutMs: 10_000 });
  return { engines, pool, ask };
}

const callCounts = (engines: readonly FunctionEngine[]) => engines.map(({ calls }) => calls.length);

test("calls go to the worker that has the fewest rows to answer", async () => {
  const { engines, pool, ask } = setUp();
  for (const engine of engines) engine.hold();
  const answers = [ask(1, 2, 3), ask(4), ask(5), ask(6)];
  for (const engine of engines) engine.release();
  expect(await Promise.all(answers)).toEqual([[1, 2, 3], [4], [5], [6]]);
  expect(callCounts(engines)).toEqual([1, 3]);
  expect(pool.workerCount).toBe(2);
});

test("of idle workers each has its turn", async () => {
  const { engines, ask } = setUp(3);
  for (let row = 0; row < 9; row++) await ask(row);
  expect(callCounts(engines)).toEqual([3, 3, 3]);
});

test("a lost worker is passed over, and the pool is ready as long as one is", async () => {
  const { engines, pool, ask } = setUp();
  const [first, second] = engines;
  if (first === undefined || second === undefined) throw new Error("two engines");
  first.isUp = false;
  for (let row = 0; row < 4; row++) await ask(row);
  expect(callCounts(engines)).toEqual([0, 4]);
  expect(pool.isReady()).toBe(true);
  second.isUp = false;
  expect(pool.isReady()).toBe(false);
  // It waits for one of them to be back.
  expect(await ask(5)).toEqual([5]);
});

/** A pool whose first worker is lost by the first call that it is given. */
function losing(failure: Failure) {
  const lost: FunctionEngine = new FunctionEngine(() => {
    lost.isUp = false;
    throw failure;
  });
  const other = new FunctionEngine((rows) => rows);
  return { other, pool: enginePool([lost, other], systemClock) };
}

test("a call that a lost worker had not begun goes to another, with the time that is left", async () => {
  const { other, pool } = losing(handedBack("was killed"));
  expect(await pool.predict("[7]", 1, { timeoutMs: 500, namesJson: '["a"]' })).toEqual([7]);
  expect(other.names).toEqual(['["a"]']);
  expect(other.timeoutsMs[0]).toBeLessThanOrEqual(500);
});

test("a call that it had begun fails, and is not repeated", async () => {
  const { other, pool } = losing(workerLost("was killed"));
  await expect(pool.predict("[7]", 1, { timeoutMs: 500 })).rejects.toMatchObject({ code: "WORKER_LOST" });
  expect(other.calls).toEqual([]);
});

test("stopping stops every worker", async () => {
  const { engines, pool } = setUp(3);
  await pool.stop();
  expect(engines.map(({ isStopped }) => isStopped)).toEqual([true, true, true]);
});
