import { expect, test } from "vitest";

import { parsePlainJson } from "./parse-plain-json.ts";

test.each([
  '{"a": [1, 2.5, -3e4, true, null], "b": {"a": "x", "": {}}}',
  '[{"a": 1}, {"a": 2}]',
  '{"a:": "b\\": \\"c\\": ", "\\"a\\":" : "\\\\"}',
  '{"share": 0.12345678901234567, "key": "a12", "__proto__": 1}',
  '"text"',
])("plain JSON is read: %s", (text) => {
  expect(parsePlainJson(text, 200)).toEqual(JSON.parse(text));
});

test.each([
  ["{} // a comment", {}],
  [
    '// "\n{"a": 1, /* "b": 2,\n */ "c": "//no /* comment */", "d\\"//": 3} /***/',
    { a: 1, c: "//no /* comment */", 'd"//': 3 },
  ],
  ['{"a": "https://x/y", "b": "\\\\"/* "c" */}', { a: "https://x/y", b: "\\" }],
])("comments are passed over: %s", (text, value) => {
  expect(parsePlainJson(text, 200)).toEqual(value);
});

test.each([
  '{"a": 1, "a": 1}',
  '{"a": {"b": 1, "c": 2}, "a": {}}',
  '[{"a": 1, "\\u0061": 2}]',
  '{"a": 12345678901234567890}',
  "[1234567890123456]",
  '{"a": 1,}',
  "{} // a comment, and then {}\n{}",
  "[1/* would join */2/**/]",
  "{} /* no end",
  "{} /*/",
  '{"a": "no end // of text}',
  "{} /",
  "",
])("what is odd, or no JSON, is left to the parser that can say so: %s", (text) => {
  expect(parsePlainJson(text, 200)).toBeUndefined();
});

test("deeper nesting than is allowed is left to it too, however deep", () => {
  const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
  expect(parsePlainJson(nested(3), 3)).toEqual([[[]]]);
  expect(parsePlainJson(nested(4), 3)).toBeUndefined();
  expect(parsePlainJson(nested(100_000), 200)).toBeUndefined();
});
