import { describe, expect, test } from "vitest";

import { readNamedRows, readRows } from "./request-envelope.ts";

const MALFORMED = expect.objectContaining({ code: "REQUEST_MALFORMED" }) as unknown;

describe("rows of a request", () => {
  test("come as a list or as inputs, other fields beside them ignored", () => {
    expect(readRows([{ a: 1 }, [2]])).toEqual({ rows: [{ a: 1 }, [2]] });
    expect(readRows({ inputs: [{ a: 1 }], id: "x" })).toEqual({ rows: [{ a: 1 }] });
    expect(readRows({ inputs: [] })).toEqual({ rows: [] });
  });

  test("may have names for the values of lists", () => {
    expect(readRows({ inputs: [[1, 2]], names: ["a", "b"] })).toEqual({ rows: [[1, 2]], names: ["a", "b"] });
    expect(() => readRows({ inputs: [[1, 2]], names: [1, 2] })).toThrow(MALFORMED);
  });

  test.each([[null], [1], ["x"], [{}], [{ a: 1 }], [{ inputs: { a: 1 } }], [{ data: { ndarray: [[1]] } }]])(
    "%j is refused with what is accepted",
    (body) => {
      expect(() => readRows(body)).toThrow(MALFORMED);
      expect(() => readRows(body)).toThrow(/"inputs": \[row/);
    },
  );
});

describe("rows of the older form", () => {
  test("take their names from the request first", () => {
    const body = { data: { names: ["b", "a"], ndarray: [[1, 2]] } };
    expect(readNamedRows(body, ["a", "b"])).toEqual({ rows: [[1, 2]], names: ["b", "a"] });
    expect(readNamedRows(body, null)).toEqual({ rows: [[1, 2]], names: ["b", "a"] });
  });

  test.each([[{ ndarray: [[1, 2]] }], [{ names: [], ndarray: [[1, 2]] }], [{ names: null, ndarray: [[1, 2]] }]])(
    "%j: take their names from the signature, if there is one",
    (data) => {
      expect(readNamedRows({ data, meta: {} }, ["a", "b"])).toEqual({ rows: [[1, 2]], names: ["a", "b"] });
      expect(readNamedRows({ data }, null)).toEqual({ rows: [[1, 2]] });
    },
  );

  test("may also be sent in the newer forms", () => {
    expect(readNamedRows([{ a: 1 }], null)).toEqual({ rows: [{ a: 1 }] });
    expect(readNamedRows({ inputs: [{ a: 1 }] }, null)).toEqual({ rows: [{ a: 1 }] });
  });

  test.each([
    [{ data: {} }],
    [{ data: { ndarray: 1 } }],
    [{ data: [[1]] }],
    [{ data: { names: "a", ndarray: [[1]] } }],
    [{ data: { names: [1], ndarray: [[1]] } }],
    [{ data: { names: ["a", "a"], ndarray: [[1, 2]] } }],
  ])("%j is refused", (body) => {
    expect(() => readNamedRows(body, null)).toThrow(MALFORMED);
  });
});
