import { expect, test } from "vitest";

import { parseCommentedJson } from "./parse-commented-json.ts";

test("comments, trailing commas, a byte order mark and Windows line ends are fine", () => {
  const text = '\uFEFF{\r\n  // a comment\r\n  "a": [1, 2,], /* another */\r\n  "b": null,\r\n}\r\n';
  expect(parseCommentedJson(text)).toEqual({ value: { a: [1, 2], b: null }, problems: [], oddities: [] });
});

test.each([
  ['{"a": 1 "b": 2}', 1, 9, "comma"],
  ['\uFEFF{\r\n  "a": nope\r\n}', 2, 8, "double quotes"],
  ['{\n"a": "open\n}', 2, 6, "closing quote"],
  ["{'a': 1}", 1, 2, "double quotes"],
  ['{"a": "tab\there"}', 1, 7, "control character"],
  ["", 1, 1, "value"],
  ['{"a": 1}\n{}', 2, 1, "ends before"],
  ['{"a"\0: 1}', 1, 5, "double quotes"],
  ["\uFFFD\uFFFD{\0}\0", 1, 1, "UTF-16"],
  ["{\0}\0", 1, 1, "UTF-16"],
])("%j is refused at line %d, column %d", (text, line, column, message) => {
  const [problem] = parseCommentedJson(text).problems;
  expect(problem).toMatchObject({ line, column });
  expect(problem?.message).toContain(message);
});

test("what can be saved of broken text is there", () => {
  expect(parseCommentedJson('{"id": "x", "name": "n" "language": python}').value).toMatchObject({ id: "x", name: "n" });
});

test("nesting deep enough to exhaust a parser's stack is a fault, and brackets in text are none", () => {
  expect(parseCommentedJson("[".repeat(100_000)).problems).toEqual([
    { line: 1, column: 201, message: "brackets are nested deeper than 200 levels" },
  ]);
  for (const before of ['/* " */', '// "\n', '"\r', '"a\\"b" '])
    expect(parseCommentedJson(before + "[".repeat(100_000)).problems).toHaveLength(1);
  expect(parseCommentedJson(`${"[".repeat(150)}${"}".repeat(150)}`.repeat(500)).problems).toHaveLength(1);
  expect(parseCommentedJson(`1 // ${"[".repeat(1000)}`).problems).toEqual([]);
  expect(parseCommentedJson(JSON.stringify(["[".repeat(1000), '\\"[['])).problems).toEqual([]);
});

test("comments that are begun again and again and never end take no time to refuse", () => {
  const startMs = performance.now();
  expect(parseCommentedJson("/* ".repeat(300_000)).problems).not.toEqual([]);
  expect(performance.now() - startMs).toBeLessThan(5_000);
});

test("a field given twice and an integer that is rounded are pointed out", () => {
  expect(parseCommentedJson('{"a": 1, "b": {"a": 12345678901234567890, "a/": 2, "a/": 3}, "a": 4}')).toEqual({
    value: { a: 4, b: { a: 12_345_678_901_234_567_000, "a/": 3 } },
    problems: [],
    oddities: [
      { pointer: "/b/a", message: "12345678901234567890 is too large to be kept exactly; write it as text" },
      { pointer: "/b/a~1", message: '"a/" is given twice; the last one counts' },
      { pointer: "/a", message: '"a" is given twice; the last one counts' },
    ],
  });
});

test("__proto__ is a field like any other", () => {
  const { value } = parseCommentedJson('{"__proto__": {"polluted": true}}');
  expect(Object.keys(value as object)).toEqual(["__proto__"]);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});
