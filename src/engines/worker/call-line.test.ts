import { expect, test } from "vitest";

import { CallLine } from "./call-line.ts";
import { Call } from "./call.ts";
import { workerLost } from "./engine-failures.ts";

function callOf(id: number): Call {
  const request = { rowsJson: "[]", rowCount: 0, namesJson: null, timeoutMs: Infinity };
  const call = new Call(id, request, () => undefined);
  call.answer.catch(() => undefined);
  return call;
}

function lineOf(count: number): { line: CallLine; calls: readonly Call[] } {
  const line = new CallLine();
  const calls = Array.from({ length: count }, (_, index) => callOf(index));
  for (const call of calls) line.add(call);
  return { line, calls };
}

test("calls leave in the order in which they came, and the first that is not answered is the head", () => {
  const { line, calls } = lineOf(3);
  expect([line.next(), line.next()]).toEqual([calls[0], calls[1]]);
  expect([line.head, line.sentCount]).toEqual([calls[0], 2]);
  expect(line.finish(0)).toBe(calls[0]);
  expect(line.head).toBe(calls[1]);
  expect(line.finish(0)).toBeNull();
});

test("what the worker had not started waits again, before everything else", () => {
  const { line, calls } = lineOf(4);
  for (let sent = 0; sent < 3; sent++) line.next();
  expect(line.takeBack()).toBe(calls[0]);
  expect([line.next(), line.next(), line.next(), line.next()]).toEqual([calls[1], calls[2], calls[3], null]);
});

test("a call whose time is up is not sent any more", () => {
  const { line, calls } = lineOf(2);
  calls[0]?.fail(workerLost("was stopped"));
  expect(line.next()).toBe(calls[1]);
});

test("only the first answer or failure of a call counts", async () => {
  const call = callOf(1);
  call.settleWith({ type: "predictions", id: 1, predictions: [] });
  call.fail(workerLost("was stopped"));
  expect(await call.answer).toEqual([]);
});
