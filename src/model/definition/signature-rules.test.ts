import { expect, test } from "vitest";

import { check } from "../../kernel/parse.ts";
import type { Column, OutputColumn, Signature } from "./signature.ts";
import { checkSignature } from "./signature-rules.ts";
import { signatureSchema } from "./signature-schema.ts";

const age: Column = { name: "age", type: "integer" };

function pointers(signature: Partial<Signature>): string[] {
  return checkSignature({ columns: [age], outputs: [], ...signature }).map((issue) => issue.pointer);
}

function columnPointers(column: Partial<Column>): string[] {
  return pointers({ columns: [{ ...age, ...column }] });
}

function outputPointers(...outputs: OutputColumn[]): string[] {
  return pointers({ outputs });
}

test("a sound signature has no issues", () => {
  const signature: Signature = {
    columns: [
      { ...age, aliases: ["0age", "years"], min: 0, max: 130, default: 40 },
      { name: "sex", type: "string", nullable: true, categories: ["female", "male"], onUnknown: "null", default: null },
      { name: "score", type: "float", optional: true },
    ],
    outputs: [
      { name: "churn", kind: "label", classes: [0, 1] },
      { name: "p", kind: "probability" },
    ],
    examples: [
      { years: 3, sex: null },
      { age: 3, sex: "male", score: "NaN", more: true },
    ],
  };
  expect(check(signatureSchema, signature).issues).toBeNull();
  expect(checkSignature(signature)).toEqual([]);
});

test("names and aliases are told apart", () => {
  expect(pointers({ columns: [age, age] })).toEqual(["/columns/1/name"]);
  expect(columnPointers({ aliases: ["age"] })).toEqual(["/columns/0/aliases/0"]);
  expect(columnPointers({ aliases: ["a", "a"] })).toEqual(["/columns/0/aliases/1"]);
  const other: Column = { name: "b", type: "float", aliases: ["years", "age"] };
  expect(pointers({ columns: [{ ...age, aliases: ["years"] }, other] })).toEqual([
    "/columns/1/aliases/0",
    "/columns/1/aliases/1",
  ]);
});

test("a range fits its column", () => {
  expect(columnPointers({ min: 5, max: 4 })).toEqual(["/columns/0/min"]);
  expect(columnPointers({ type: "string", min: 1, max: 2 })).toEqual(["/columns/0/min", "/columns/0/max"]);
});

test("a default is a value of its column", () => {
  expect(columnPointers({ default: "forty" })).toEqual(["/columns/0/default"]);
  expect(columnPointers({ default: 1.5 })).toEqual(["/columns/0/default"]);
  expect(columnPointers({ default: null })).toEqual(["/columns/0/default"]);
  expect(columnPointers({ default: 200, max: 130 })).toEqual(["/columns/0/default"]);
  expect(columnPointers({ type: "string", categories: ["a"], default: "b" })).toEqual(["/columns/0/default"]);
  expect(columnPointers({ type: "string", categories: ["a"], onUnknown: "pass", default: "b" })).toEqual([]);
});

test("categories are different values of the column's type", () => {
  expect(columnPointers({ categories: [1, "2", 1] })).toEqual(["/columns/0/categories/2", "/columns/0/categories/1"]);
  expect(columnPointers({ onUnknown: "pass" })).toEqual(["/columns/0/onUnknown"]);
  expect(columnPointers({ categories: [1], onUnknown: "null" })).toEqual(["/columns/0/onUnknown"]);
});

test("a probability of three or more classes names them", () => {
  const label: OutputColumn = { name: "kind", kind: "label", classes: ["a", "b", "c"] };
  expect(outputPointers(label, { name: "p", kind: "probability" })).toEqual(["/outputs/1/classes"]);
  expect(outputPointers(label, { name: "p", kind: "probability", classes: ["a", "b", "d"] })).toEqual([
    "/outputs/1/classes",
  ]);
  expect(outputPointers(label, { name: "p", kind: "probability", classes: ["c", "b", "a"] })).toEqual([]);
  expect(outputPointers(label, label)).toEqual(["/outputs/1/name"]);
  expect(outputPointers({ name: "v", kind: "value", classes: [1] })).toEqual(["/outputs/0/classes"]);
  expect(outputPointers({ name: "k", kind: "label", classes: [1, 1] })).toEqual(["/outputs/0/classes/1"]);
});

test("examples are rows that the signature takes", () => {
  expect(pointers({ examples: [{}, { age: "x" }, { age: 1, more: 1 }] })).toEqual(["/examples/0", "/examples/1/age"]);
  expect(pointers({ onExtra: "error", examples: [{ age: 1, more: 1 }] })).toEqual(["/examples/0/more"]);
});

test("ten thousand categories are checked at once", () => {
  const categories = Array.from({ length: 10_000 }, (_, index) => index);
  expect(columnPointers({ categories })).toEqual([]);
});

test("the schema refuses misspelt fields and a column that would be an object's prototype", () => {
  const wrong = { columns: [{ name: "__proto__", type: "int", nulable: true }], outputs: [] };
  expect(check(signatureSchema, wrong).issues?.map((issue) => issue.pointer)).toEqual(
    expect.arrayContaining(["/columns/0/name", "/columns/0/type", "/columns/0"]),
  );
  expect(check(signatureSchema, { columns: [], outputs: [] }).issues).toHaveLength(1);
});
