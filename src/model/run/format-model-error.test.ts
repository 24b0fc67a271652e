import { expect, test } from "vitest";

import { formatModelError, summariseModelError } from "./format-model-error.ts";
import type { TraceFrame } from "./run-record.ts";

function frame(file: string, isUser: boolean, fields: Partial<TraceFrame> = {}): TraceFrame {
  return { file, line: 7, function: "f", source: "  x = f()  ", isUser, ...fields };
}

test("the user's frames and the raising frame are shown, those between are not", () => {
  const frames = [
    frame("runner.py", false),
    frame("training.py", true, { line: 12, function: "train", source: "fit(x)" }),
    frame("library/inner.py", false),
    frame("library/raise.py", false, { function: null, source: null }),
  ];
  expect(formatModelError({ type: "ValueError", message: "bad value", frames })).toBe(
    ["ValueError: bad value", "  at training.py:12 in train", "      fit(x)", "  raised at library/raise.py:7"].join(
      "\n",
    ),
  );
});

test("an error without frames or message is its type", () => {
  expect(formatModelError({ type: "SystemExit", message: " ", frames: [] })).toBe("SystemExit");
});

test("long tracebacks and endless messages are shortened", () => {
  const frames = Array.from({ length: 1_000 }, (_, line) => frame("deep.py", true, { source: null, line }));
  const text = formatModelError({ type: "RecursionError", message: "x".repeat(100_000), frames });
  expect(text.split("\n")).toHaveLength(22);
  expect(text).toContain("… 980 more …");
  expect(text.length).toBeLessThan(6_000);
});

test("a function that calls itself without end is shown once", () => {
  const deep = Array.from({ length: 40 }, () => frame("deep.py", true, { source: null }));
  const frames = [frame("train.py", true, { source: null }), ...deep];
  expect(formatModelError({ type: "RecursionError", message: "too deep", frames })).toBe(
    [
      "RecursionError: too deep",
      "  at train.py:7 in f",
      "  at deep.py:7 in f",
      "  … the same, again and again …",
      "  raised at deep.py:7 in f",
    ].join("\n"),
  );
});

test("a message cannot command the terminal", () => {
  expect(summariseModelError({ type: "E", message: "a\u001b[2Jb\nc\td\u009b", frames: [] })).toBe(
    "E: a\uFFFD[2Jb\nc\td\uFFFD",
  );
});
