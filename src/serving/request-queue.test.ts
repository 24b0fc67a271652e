import { expect, test } from "vitest";

import { Failure } from "../kernel/failure.ts";
import { RequestQueue } from "./request-queue.ts";
import { SERVING_LIMITS } from "./serving-limits.ts";

const MAX_ROWS = 100;

function fullQueue(): RequestQueue {
  const queue = new RequestQueue({ ...SERVING_LIMITS, maxQueuedRows: MAX_ROWS });
  add(queue);
  return queue;
}

function add(queue: RequestQueue): void {
  const ignore = (): void => undefined;
  queue.add({
    wire: { rowsJson: "", rowCount: MAX_ROWS, namesJson: null, keysJson: null },
    ...{ deadlineMs: 0, timeoutMs: 0 },
    resolve: ignore,
    reject: ignore,
  });
}

function retryAfterSeconds(queue: RequestQueue): unknown {
  try {
    add(queue);
  } catch (error) {
    return error instanceof Failure ? error.details["retryAfterSeconds"] : error;
  }
  return null;
}

test("a full queue says when it will be shorter, by the speed of the model so far", () => {
  const queue = fullQueue();
  expect(retryAfterSeconds(queue)).toBe(1);
  queue.noteSpeed(10, 1_000);
  expect(retryAfterSeconds(queue)).toBe(10);
  for (let round = 0; round < 50; round++) queue.noteSpeed(50, 1_000);
  expect(retryAfterSeconds(queue)).toBe(3);
});

test("it says between a second and a minute", () => {
  const slow = fullQueue();
  slow.noteSpeed(1, 60_000);
  expect(retryAfterSeconds(slow)).toBe(60);
  const fast = fullQueue();
  fast.noteSpeed(1_000_000, 0);
  expect(retryAfterSeconds(fast)).toBe(1);
});
