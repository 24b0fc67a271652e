import { expect, test } from "vitest";

import { parseWorkerMessage } from "./parse-worker-message.ts";

function parse(text: string): ReturnType<typeof parseWorkerMessage> {
  return parseWorkerMessage(Buffer.from(text));
}

test("predictions come as they are, with large integers whole", () => {
  const { message } = parse('{"type":"predictions","id":7,"predictions":[1,"a",null,[0.5],12345678901234567890]}');
  expect(message).toEqual({ type: "predictions", id: 7, predictions: [1, "a", null, [0.5], 12345678901234567890n] });
});

test("the other messages are checked", () => {
  const ready = { type: "ready", predictForm: "rows", inputForm: null, loadMs: 12.5 };
  const error = { type: "E", message: "m", frames: [] };
  for (const message of [ready, { type: "failed", error }, { type: "error", id: 3, error }])
    expect(parse(JSON.stringify(message))).toEqual({ message, fault: null });
});

test.each([
  "{",
  '{"type":"hello"}',
  '{"type":"predictions","id":"7","predictions":[]}',
  '{"type":"predictions","id":7}',
  '{"type":"ready","predictForm":"columns","inputForm":null,"loadMs":1}',
  '{"type":"error","id":1,"error":"text"}',
])("%s is a fault", (text) => {
  expect(parse(text)).toMatchObject({ message: null, fault: expect.any(String) as string });
});
