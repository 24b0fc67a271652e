import { expect, test } from "vitest";

import type { Signature } from "../model/definition/signature.ts";
import { compileRedaction } from "./redact-rows.ts";

const SIGNATURE: Signature = {
  columns: [
    { name: "email", aliases: ["e-mail", "mail"], type: "string" },
    { name: "age", type: "integer" },
  ],
  outputs: [],
};

test("a column is hidden under each of its names, whichever was given", () => {
  const redaction = compileRedaction(["mail"], SIGNATURE);
  for (const name of ["email", "e-mail", "mail"])
    expect(redaction?.row({ [name]: "ada@example.org", age: 36 }, undefined)).toEqual({ [name]: "***", age: 36 });
});

test("without a signature a column is known by the name that is given", () => {
  const redaction = compileRedaction(["email"], null);
  expect(redaction?.row({ email: null, "e-mail": 1 }, undefined)).toEqual({ email: "***", "e-mail": 1 });
});

test("rows that are arrays are hidden by their names; what has no name is hidden whole", () => {
  const redaction = compileRedaction(["email"], SIGNATURE);
  expect(redaction?.row([1, "ada", 3], ["age", "email"])).toEqual([1, "***", "***"]);
  expect(redaction?.row([1, "ada"], undefined)).toBe("***");
  expect(redaction?.row("ada", undefined)).toBe("***");
});

test("answers and nested values that repeat a column are hidden too", () => {
  const redaction = compileRedaction(["email"], SIGNATURE);
  expect(redaction?.fields({ risk: 0.4, of: [{ email: "ada", score: 1 }] })).toEqual({
    risk: 0.4,
    of: [{ email: "***", score: 1 }],
  });
  expect(redaction?.fields([0.4, "no"])).toEqual([0.4, "no"]);
});

test("a field called __proto__ stays a field", () => {
  const row = JSON.parse('{"__proto__": {"email": "ada"}, "age": 1}') as { age: number };
  expect(JSON.stringify(compileRedaction(["email"], null)?.row(row, undefined))).toBe(
    '{"__proto__":{"email":"***"},"age":1}',
  );
});

test("nothing to hide costs nothing", () => {
  expect(compileRedaction([], SIGNATURE)).toBeNull();
});
