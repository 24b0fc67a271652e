import { isDeepStrictEqual } from "node:util";

import { describe, expect, test } from "vitest";

import { damage, randomJson, seededRandom } from "../../../tests/support/random-json.ts";
import { needsExactParse, parseExact, stringifyExact, toPlainJson } from "./exact-json.ts";

describe("needsExactParse", () => {
  test.each([
    ["[1234567890123456]", true],
    ['{"id":-9007199254740993}', true],
    ["[123456789012345]", false],
    ['["1234567890123456789"]', false],
    ['["\\"1234567890123456789"]', false],
    ["[0.1234567890123456789]", false],
    ["[1.5,1234567890123456]", true],
    ["[12345678,90123456]", false],
    ["1234567890123456", true],
    ["[1e1234567890123456]", true],
    ["[0.1234567890123456,1234567890123456]", true],
    ['["a.b\\"",1234567890123456]', true],
  ])("%s: %s", (text, expected) => {
    expect(needsExactParse(text)).toBe(expected);
    expect(needsExactParse(new TextEncoder().encode(text))).toBe(expected);
  });
});

describe("parseExact", () => {
  test("keeps every digit of integers beyond 2^53", () => {
    expect(parseExact("[9007199254740991, 9007199254740993, -12345678901234567890]")).toEqual([
      9007199254740991,
      9007199254740993n,
      -12345678901234567890n,
    ]);
  });

  test("reads floats and exponents as doubles, however long", () => {
    expect(parseExact("[12345678901234567890.5, 1e30, 1E400]")).toEqual([
      Number("12345678901234567890.5"),
      1e30,
      Infinity,
    ]);
  });

  test("reads an integer over the largest double as JSON.parse does, so that nobody pays for a million digits", () => {
    expect(parseExact("9".repeat(1_000_000))).toBe(Infinity);
  });

  test("agrees with JSON.parse on valid and on damaged texts", () => {
    const random = seededRandom(7);
    for (let round = 0; round < 4000; round++) {
      const valid = randomJson(random);
      const text = round % 2 === 0 ? valid : damage(valid, random);
      // Not `toEqual`: that looks at an object's `constructor`, which here is data.
      const isSame = isDeepStrictEqual(
        outcome(() => parseExact(text)),
        outcome(() => JSON.parse(text) as unknown),
      );
      expect(isSame, text).toBe(true);
    }
  });

  test("a key __proto__ is a field like any other", () => {
    const value = parseExact('{"__proto__": {"polluted": 1}}') as object;
    expect(Object.keys(value)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  test("takes long strings and refuses deep nesting without exhausting the stack", () => {
    const long = `"${'\\"'.repeat(3_000_000)}"`;
    expect(parseExact(long)).toHaveLength(3_000_000);
    expect(() => parseExact("[".repeat(100_000))).toThrow(SyntaxError);
  });
});

describe("stringifyExact", () => {
  test("writes bigints as integers, at any depth", () => {
    const text = '{"a":[12345678901234567890,{"b":-9007199254740993}],"c":"x\\n"}';
    expect(stringifyExact(parseExact(text))).toBe(text);
  });

  test("writes everything else as JSON.stringify does", () => {
    const random = seededRandom(11);
    for (let round = 0; round < 500; round++) {
      const value = JSON.parse(randomJson(random)) as null;
      expect(stringifyExact(value)).toBe(JSON.stringify(value));
      expect(stringifyExact([value, 2n ** 60n])).toBe(`[${JSON.stringify(value)},1152921504606846976]`);
    }
  });
});

test("plain JSON holds integers beyond 2^53 as text", () => {
  expect(toPlainJson({ a: [1, 2n ** 60n], b: null })).toEqual({ a: [1, "1152921504606846976"], b: null });
});

/** The value, or that there is none: the two parsers' messages may differ. */
function outcome(parse: () => unknown): unknown {
  try {
    return { value: parse() };
  } catch (error) {
    return error instanceof SyntaxError ? "refused" : error;
  }
}
