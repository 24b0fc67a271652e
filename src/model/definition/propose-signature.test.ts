import { expect, test } from "vitest";

import { proposeSignature } from "./propose-signature.ts";
import type { Column, Signature } from "./signature.ts";
import { checkSignature } from "./signature-rules.ts";
import { TableSummarizer, type TableRow } from "./table-summary.ts";

function propose(
  rows: readonly TableRow[],
  target: string | null = null,
  features: readonly string[] | null = null,
): Signature {
  const summarizer = new TableSummarizer();
  for (const row of rows) summarizer.add(row);
  return proposeSignature(summarizer.summary(), { target, features });
}

function column(values: readonly TableRow[string][], name = "x"): Column | undefined {
  return propose(values.map((value) => ({ [name]: value }))).columns[0];
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

test("integers stay integers when a null appears", () => {
  expect(column([3, null, 1, 2])).toEqual({
    name: "x",
    type: "integer",
    nullable: true,
    description: "Seen: 1 to 3. Null in 1 of 4 rows.",
  });
});

test("one fraction makes a column of floats, and the range seen is not enforced", () => {
  expect(column([3, 0.5, 7])).toEqual({ name: "x", type: "float", description: "Seen: 0.5 to 7." });
});

test("integers that a double cannot hold are integers", () => {
  expect(column([12_345_678_901_234_567_890n, 5])?.type).toBe("integer");
});

test("few texts that came often are categories", () => {
  const values = range(30).map((index) => ["b", "a", "c"][index % 3] ?? "");
  expect(column(values)).toEqual({ name: "x", type: "string", categories: ["a", "b", "c"] });
});

test("texts that came seldom, many texts and dates are not categories", () => {
  expect(column(["a", "b", "c", "a"])).toEqual({ name: "x", type: "string" });
  expect(column(range(1000).map((index) => `v${index % 21}`))).not.toHaveProperty("categories");
  expect(column(range(50).map((index) => (index % 2 ? "2024-03-01" : "2024-03-02")))).toEqual({
    name: "x",
    type: "string",
    description: "Looks like a date.",
  });
});

test("identifiers are pointed out", () => {
  const hint = "Looks like an identifier: should the model see it?";
  expect(column(range(40).map((index) => `c-${index}`))?.description).toBe(hint);
  expect(column(range(40), "customer_id")?.description).toContain(hint);
  expect(column(range(40), "customerId")?.description).toContain(hint);
  expect(column(range(40), "paid")?.description).not.toContain(hint);
  expect(column(range(40), "age")?.description).not.toContain(hint);
});

test("a key that some rows lack is optional, and absent is not null", () => {
  const [, b] = propose([{ a: 1, b: true }, { a: 2 }, { a: 3, b: false }]).columns;
  expect(b).toEqual({ name: "b", type: "boolean", optional: true, description: "Absent in 1 of 3 rows." });
});

test("what no column can hold is said", () => {
  expect(column([1, "x"])).toEqual({ name: "x", type: "string", description: "Holds text and other values together." });
  expect(column([[1, 2], [3]])?.description).toBe("Holds lists or objects, which a column cannot describe.");
  expect(column([null, null])).toEqual({
    name: "x",
    type: "float",
    nullable: true,
    description: "No value was seen. Null in 2 of 2 rows.",
  });
});

test("the target becomes the output: labels with their classes, numbers as a value", () => {
  const rows = range(100).map((index) => ({
    x: index,
    kind: index % 2 ? "b" : "a",
    flag: index % 3,
    price: index / 7,
  }));
  expect(propose(rows, "kind").outputs).toEqual([{ name: "kind", kind: "label", classes: ["a", "b"] }]);
  expect(propose(rows, "flag").outputs).toEqual([{ name: "flag", kind: "label", classes: [0, 1, 2] }]);
  expect(propose(rows, "price").outputs).toEqual([{ name: "price", kind: "value" }]);
  expect(propose(rows, "x").outputs).toEqual([{ name: "x", kind: "value" }]);
  expect(propose(rows).outputs).toEqual([]);
  expect(propose(rows, "kind").columns.map((input) => input.name)).toEqual(["x", "flag", "price"]);
});

test("examples are whole rows without the target", () => {
  const rows = [
    { a: null, y: 1 },
    { a: 2, y: 1 },
    { a: 3, y: 0 },
    { a: 4, y: 0 },
  ];
  expect(propose(rows, "y").examples).toEqual([{ a: 2 }, { a: 3 }]);
  expect(propose(rows.slice(0, 2), "y").examples).toEqual([{ a: null }, { a: 2 }]);
});

test("a proposal satisfies the rules of signatures", () => {
  const rows = range(60).map((index) => ({
    id: index,
    sex: index % 2 ? "m" : null,
    "2nd": index / 3,
    y: index % 2 === 0,
  }));
  expect(checkSignature(propose(rows, "y"))).toEqual([]);
});

test("where the features are named, they alone are columns, in their order", () => {
  const rows = [{ id: 7, a: 1, b: 2, price: 3 }];
  const { columns, outputs, examples } = propose(rows, "price", ["b", "a"]);
  expect(columns.map(({ name }) => name)).toEqual(["b", "a"]);
  expect(outputs).toEqual([{ name: "price", kind: "value" }]);
  expect(examples).toEqual([{ a: 1, b: 2 }]);
  expect(propose(rows, "price", ["b", "nosuch"]).columns.map(({ name }) => name)).toEqual(["id", "a", "b"]);
});
