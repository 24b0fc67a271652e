import { describe, expect, test } from "vitest";

import type { Column, Signature } from "../definition/signature.ts";
import type { ExactJson } from "../ports/predictor.ts";
import { compileRowRules, type CheckedRow } from "./row-rules.ts";

function check(columns: readonly Column[], row: ExactJson, rest: Partial<Signature> = {}): CheckedRow {
  return compileRowRules({ columns, outputs: [], ...rest }).check(row);
}

/** What the only column `x` makes of a value. */
function checkValue(column: Omit<Column, "name">, value: ExactJson): unknown {
  const { wire, errors } = check([{ name: "x", ...column }], { x: value });
  return wire === null ? errors["x"]?.join("; ") : wire[0];
}

const INTEGER = { type: "integer" } as const;
const FLOAT = { type: "float" } as const;
const STRING = { type: "string" } as const;
const BOOLEAN = { type: "boolean" } as const;

describe("types", () => {
  test.each([
    [INTEGER, 3, 3],
    [INTEGER, -0.0, -0],
    [INTEGER, 1e3, 1000],
    [INTEGER, 12345678901234567890n, 12345678901234567890n],
    [INTEGER, 1e21, 1000000000000000000000n],
    [INTEGER, 1.5, "must be an integer"],
    [INTEGER, Infinity, "must be an integer"],
    [INTEGER, "3", "must be an integer"],
    [INTEGER, true, "must be an integer"],
    [INTEGER, "NaN", "must be an integer"],
    [FLOAT, 1, 1],
    [FLOAT, 1.5, 1.5],
    [FLOAT, "NaN", "NaN"],
    [FLOAT, "Infinity", "Infinity"],
    [FLOAT, "-Infinity", "-Infinity"],
    [FLOAT, 9007199254740993n, 9007199254740992],
    [FLOAT, 10n ** 400n, "is beyond the largest float"],
    [FLOAT, Infinity, "is beyond the largest float"],
    [FLOAT, "nan", "must be a number"],
    [FLOAT, "inf", "must be a number"],
    [FLOAT, "1.5", "must be a number"],
    [FLOAT, false, "must be a number"],
    [FLOAT, [1], "must be a number"],
    [STRING, "", ""],
    [STRING, "NaN", "NaN"],
    [STRING, 1, "must be a string"],
    [STRING, {}, "must be a string"],
    [BOOLEAN, true, true],
    [BOOLEAN, 1, "must be true or false"],
    [BOOLEAN, "true", "must be true or false"],
  ])("%j takes %s as %s", (column, value, expected) => {
    expect(checkValue(column, value)).toBe(expected);
  });
});

describe("null, absent and default are three things", () => {
  test("null is for nullable columns only", () => {
    expect(checkValue(INTEGER, null)).toBe("must not be null");
    expect(checkValue({ ...INTEGER, optional: true, default: 1 }, null)).toBe("must not be null");
    expect(checkValue({ ...INTEGER, nullable: true }, null)).toBeNull();
  });

  test("a missing key is an error unless the column is optional or has a default", () => {
    expect(check([{ name: "x", ...INTEGER, nullable: true }], {}).errors).toEqual({ x: ["is missing"] });
    expect(check([{ name: "x", ...INTEGER, optional: true }], {}).wire).toEqual([null]);
    expect(check([{ name: "x", ...INTEGER, default: 7 }], {}).wire).toEqual([7]);
    expect(check([{ name: "x", ...INTEGER, optional: true, default: 7 }], {}).wire).toEqual([7]);
    expect(check([{ name: "x", ...INTEGER, default: null }], {}).wire).toEqual([null]);
  });

  test("a default goes through the column's own rules", () => {
    const category = { ...STRING, categories: ["a"], onUnknown: "null" } as const;
    expect(check([{ name: "x", ...category, default: "z" }], {}).wire).toEqual([null]);
  });
});

describe("bounds", () => {
  const bounded = { min: 0, max: 10 };

  test.each([
    [INTEGER, 0, 0],
    [INTEGER, 10, 10],
    [INTEGER, -1, "must be at least 0"],
    [INTEGER, 11, "must be at most 10"],
    [INTEGER, -(2n ** 70n), "must be at least 0"],
    [INTEGER, 2n ** 70n, "must be at most 10"],
    [FLOAT, 10.000001, "must be at most 10"],
    [FLOAT, "Infinity", "must be at most 10"],
    [FLOAT, "-Infinity", "must be at least 0"],
    [FLOAT, "NaN", "NaN"],
  ])("%j within 0 and 10 takes %s as %s", (column, value, expected) => {
    expect(checkValue({ ...column, ...bounded }, value)).toBe(expected);
  });

  test("may be open at one end", () => {
    expect(checkValue({ ...FLOAT, min: 0 }, 1e300)).toBe(1e300);
    expect(checkValue({ ...FLOAT, max: 0 }, 1)).toBe("must be at most 0");
  });

  test("do not concern null", () => {
    expect(checkValue({ ...FLOAT, ...bounded, nullable: true }, null)).toBeNull();
  });
});

describe("categories", () => {
  const city = { ...STRING, categories: ["Berlin", "Paris"] };

  test("refuse, blank or let through what they do not list", () => {
    expect(checkValue(city, "Paris")).toBe("Paris");
    expect(checkValue(city, "Rome")).toBe('must be one of "Berlin", "Paris"');
    expect(checkValue({ ...city, onUnknown: "error" }, "Rome")).toBe('must be one of "Berlin", "Paris"');
    expect(checkValue({ ...city, onUnknown: "null" }, "Rome")).toBeNull();
    expect(checkValue({ ...city, onUnknown: "pass" }, "Rome")).toBe("Rome");
  });

  test("do not excuse a wrong type", () => {
    expect(checkValue({ ...city, onUnknown: "pass" }, 1)).toBe("must be a string");
    expect(checkValue({ ...INTEGER, categories: [1, 2] }, "1")).toBe("must be an integer");
    expect(checkValue({ ...INTEGER, categories: [1, 2] }, 3)).toBe("must be one of 1, 2");
  });

  test("are counted, not listed, when there are many", () => {
    const categories = Array.from({ length: 1000 }, (_, index) => index);
    expect(checkValue({ ...INTEGER, categories }, -1)).toBe("must be one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 990 more");
  });
});

describe("names", () => {
  test("may begin with a digit or be a number, and values go out in the signature's order", () => {
    const columns = [
      { name: "2ndFloor", ...INTEGER },
      { name: "0", ...INTEGER },
      { name: "a b", ...INTEGER },
    ];
    expect(check(columns, { "0": 2, "a b": 3, "2ndFloor": 1 }).wire).toEqual([1, 2, 3]);
  });

  test("have aliases, and errors go under the name", () => {
    const columns = [{ name: "age", aliases: ["Age", "years"], ...INTEGER }];
    expect(check(columns, { years: 3 }).wire).toEqual([3]);
    expect(check(columns, { Age: "x" }).errors).toEqual({ age: ["must be an integer"] });
    expect(check(columns, { age: 3, years: 3 }).errors).toEqual({
      age: ["must be given under one name only (age, Age, years)"],
    });
  });

  test.each(["constructor", "toString", "__proto__", "hasOwnProperty"])("%s is absent until it is given", (name) => {
    const columns = [{ name, ...INTEGER }];
    expect(Object.entries(check(columns, {}).errors ?? {})).toEqual([[name, ["is missing"]]]);
    expect(check(columns, JSON.parse(`{"${name}": 5}`) as ExactJson).wire).toEqual([5]);
  });
});

describe("keys that the signature does not have", () => {
  const columns = [{ name: "a", ...INTEGER, optional: true }];

  test("are ignored and reported by default", () => {
    expect(check(columns, { a: 1, b: 2, c: 3 })).toEqual({ wire: [1], errors: null, extras: ["b", "c"] });
    expect(check(columns, { a: 1 }).extras).toBeNull();
    expect(check(columns, {}).extras).toBeNull();
  });

  test("are errors where the signature says so", () => {
    const { errors } = check(columns, { a: "x", b: 2 }, { onExtra: "error" });
    expect(errors).toEqual({ a: ["must be an integer"], b: ["is not a column of this model"] });
  });

  test("cannot reach an object's prototype", () => {
    const row = JSON.parse('{"a": 1, "__proto__": {"polluted": true}}') as ExactJson;
    const { errors } = check(columns, row, { onExtra: "error" });
    expect(JSON.stringify(errors)).toBe('{"__proto__":["is not a column of this model"]}');
    expect("polluted" in {}).toBe(false);
  });
});

describe("a row as a whole", () => {
  test.each([[null], [1], ["x"], [[1, 2]], [true], [10n]])("%s is not an object", (row) => {
    expect(check([{ name: "a", ...INTEGER, optional: true }], row).errors).toEqual({ "": ["must be an object"] });
  });

  test("has every fault named at once", () => {
    const columns = [
      { name: "a", ...INTEGER },
      { name: "b", ...FLOAT },
      { name: "c", ...STRING },
    ];
    expect(check(columns, { a: 1.5, c: null }).errors).toEqual({
      a: ["must be an integer"],
      b: ["is missing"],
      c: ["must not be null"],
    });
  });
});

describe("a signature that contradicts itself", () => {
  test.each([
    [
      "a name twice",
      [
        { name: "a", ...INTEGER },
        { name: "a", ...FLOAT },
      ],
      /"a" twice/,
    ],
    [
      "an alias that is another's name",
      [
        { name: "a", ...INTEGER },
        { name: "b", aliases: ["a"], ...FLOAT },
      ],
      /"a" twice/,
    ],
    [
      "a default of the wrong type",
      [{ name: "a", ...INTEGER, default: "x" }],
      /default of column "a" must be an integer/,
    ],
    ["a default out of bounds", [{ name: "a", ...INTEGER, max: 1, default: 2 }], /must be at most 1/],
  ])("(%s) is refused", (_name, columns, message) => {
    expect(() => compileRowRules({ columns, outputs: [] })).toThrow(message);
  });
});
