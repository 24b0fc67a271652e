import { expect, test } from "vitest";

import { lineSplitter } from "./split-lines.ts";

function split(chunks: readonly (string | Uint8Array)[], maxLineBytes = 100): string[] {
  const lines: string[] = [];
  const splitter = lineSplitter(maxLineBytes, (line) => lines.push(line.toString()));
  for (const chunk of chunks) splitter.push(Buffer.from(chunk));
  splitter.end();
  return lines;
}

test("lines come whole, also when they arrive in parts or without an end", () => {
  expect(split(["a\nb", "c\n\n", "d"])).toEqual(["a", "bc", "d"]);
});

test("a character whose bytes come apart survives", () => {
  const bytes = Buffer.from("é€\n");
  expect(split([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(["é€"]);
});

test("a line that is too long is left out, and the next one is not", () => {
  expect(split(["x".repeat(60), "x".repeat(60), "x\nok\n"])).toEqual(["ok"]);
});

test("bytes may be used again by their giver", () => {
  const lines: string[] = [];
  const splitter = lineSplitter(100, (line) => lines.push(line.toString()));
  const chunk = Buffer.from("abc");
  splitter.push(chunk);
  chunk.fill("x");
  splitter.push(Buffer.from("\n"));
  expect(lines).toEqual(["abc"]);
});
