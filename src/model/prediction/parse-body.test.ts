import { isDeepStrictEqual } from "node:util";

import { describe, expect, test } from "vitest";

import { damage, randomJson, seededRandom } from "../../../tests/support/random-json.ts";
import { Failure } from "../../kernel/failure.ts";
import { parseBody } from "./parse-body.ts";

const MAX_DEPTH = 32;

/** Wide enough that a list of them is cut. */
const PADDING = " ".repeat(40_000);

async function parse(text: string): Promise<{ value: unknown; turns: number }> {
  let turns = 0;
  const nextTurn = (): Promise<void> => {
    turns++;
    return Promise.resolve();
  };
  return { value: await parseBody(text, MAX_DEPTH, nextTurn), turns };
}

async function codeOf(text: string): Promise<string> {
  const error: unknown = await parse(text).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return error instanceof Failure ? error.code : String(error);
}

describe("a small body", () => {
  test("is parsed in one go", async () => {
    expect(await parse('[{"a":1}]')).toEqual({ value: [{ a: 1 }], turns: 0 });
  });

  test("is parsed at once, without a promise, also with floats of all digits", () => {
    expect(parseBody('[{"x":0.30000000000000004}]', MAX_DEPTH, () => Promise.resolve())).toEqual([
      { x: 0.30000000000000004 },
    ]);
  });

  test("keeps integers of sixteen digits and more", async () => {
    expect((await parse('[{"id":9007199254740993}]')).value).toEqual([{ id: 9007199254740993n }]);
  });

  test("is refused when it is not JSON, with the reason", async () => {
    await expect(parse('[{"a":}]')).rejects.toMatchObject({ code: "REQUEST_MALFORMED" });
    await expect(parse("")).rejects.toThrow(/The request body is not JSON: Unexpected end/);
  });
});

test.each([
  [
    "many rows that nest no deeper than one",
    JSON.stringify(Array.from({ length: MAX_DEPTH * 2 }, (_, id) => ({ id }))),
  ],
  ["sixteen digits in a string and in a fraction", '[{"iban":"4012888888881881","x":0.1234567890123456}]'],
  ["more text than a few rows have", JSON.stringify([{ text: "x".repeat(20_000) }])],
])("%s are parsed as JSON.parse does", async (_, text) => {
  expect(await parse(text)).toEqual({ value: JSON.parse(text) as unknown, turns: 0 });
});

describe("nesting", () => {
  test("up to the limit is taken", async () => {
    expect(await codeOf("[".repeat(MAX_DEPTH) + "]".repeat(MAX_DEPTH))).toBe("null");
  });

  test("beyond the limit is refused before anything is parsed", async () => {
    expect(await codeOf("[".repeat(MAX_DEPTH + 1))).toBe("JSON_TOO_DEEP");
    expect(await codeOf('{"a":'.repeat(1_000_000))).toBe("JSON_TOO_DEEP");
  });

  test("inside strings does not count", async () => {
    expect(await codeOf(JSON.stringify(["[".repeat(100)]))).toBe("null");
  });
});

describe("a large body", () => {
  const rows = Array.from({ length: 20_000 }, (_, index) => ({ index, name: `row, [${index}]`, half: index / 2 }));

  test.each([
    ["a list", rows],
    ["inputs", { id: "x", inputs: rows, after: [1, 2] }],
    ["an ndarray", { data: { names: ["a"], ndarray: rows }, "": null }],
    ["lists side by side", { a: rows.slice(0, 9_000), b: rows }],
  ])("(%s) is parsed in turns to the same value", async (_name, value) => {
    const text = JSON.stringify(value);
    const parsed = await parse(text);
    expect(isDeepStrictEqual(parsed.value, value)).toBe(true);
    // None of the slices is much longer than 64 Ki characters.
    expect(parsed.turns).toBeGreaterThan(JSON.stringify(rows).length / 100_000);
  });

  test("that cannot be cut is parsed all the same", async () => {
    const value = [{ deep: rows }];
    expect(isDeepStrictEqual((await parse(JSON.stringify(value))).value, value)).toBe(true);
  });

  test("keeps large integers", async () => {
    const text = `{"inputs":[${"12345678901234567890,".repeat(20_000)}1]}`;
    const { inputs } = (await parse(text)).value as { inputs: unknown[] };
    expect(inputs).toHaveLength(20_001);
    expect(inputs[19_999]).toBe(12345678901234567890n);
  });

  test("with a key given twice means the last one, as always in JSON", async () => {
    const text = `{"inputs":${JSON.stringify(rows)},"inputs":[1]}`;
    expect((await parse(text)).value).toEqual({ inputs: [1] });
  });

  test("that holds the stand-in for the cut list itself is taken as it is", async () => {
    const value = { inputs: "\u0000rows\u0000", other: rows };
    expect(isDeepStrictEqual((await parse(JSON.stringify(value))).value, value)).toBe(true);
  });

  test.each([
    ["a comma at the end", `[${`${PADDING}1,`.repeat(9)}]`],
    ["a comma at the end after white space", `[${`1,${PADDING}`.repeat(9)}]`],
    ["a comma at the beginning", `[${PADDING}${PADDING},${`1${PADDING},`.repeat(9)}1]`],
    ["two commas", `[${`1${PADDING}${PADDING},${PADDING}${PADDING},`.repeat(9)}1]`],
    ["the wrong bracket", `[${`1${PADDING},`.repeat(9)}1}`],
    ["no end", `[${`1${PADDING},`.repeat(9)}1`],
    ["something after the end", `[${`1${PADDING},`.repeat(9)}1]]`],
    ["crossed brackets", `[${`{"a":[1}${PADDING}],`.repeat(9)}1]`],
  ])("with %s is refused", async (_name, text) => {
    expect(await codeOf(text)).toBe("REQUEST_MALFORMED");
  });

  test("is taken and refused exactly as JSON.parse would", async () => {
    const random = seededRandom(3);
    for (let round = 0; round < 300; round++) {
      const element = (): string => `${randomJson(random, 3)}\r`;
      const list = `[${Array.from({ length: 8 }, element).join(",")}]`;
      const whole = [list, `{"inputs":${list}}`, `{"data":{"x":${randomJson(random, 2)},"ndarray":${list}}}`];
      const valid = whole[round % 3] ?? list;
      // Padded last, so that the damage is done to the structure.
      const text = (round % 2 === 0 ? valid : damage(valid, random)).replaceAll("\r", PADDING);
      const expected: unknown = await Promise.resolve()
        .then(() => JSON.parse(text) as unknown)
        .catch(() => "refused");
      const actual = await parse(text).then(
        ({ value }) => value,
        () => "refused",
      );
      expect(isDeepStrictEqual(actual, expected), `round ${round}`).toBe(true);
    }
  });
});
