import { expect, test } from "vitest";

import { testFolder } from "../../tests/process/support/test-folder.ts";
import { digestRows } from "./digest-rows.ts";

const never = new AbortController().signal;

async function digestOf(name: string, text: string) {
  const folder = await testFolder({ [name]: text });
  return digestRows(`${folder}/${name}`, never);
}

test("rows in another order have the same digest, and so have columns", async () => {
  const one = await digestOf("a.csv", "a,b\n1,x\n2,y\n2,y\n");
  expect(one.rowCount).toBe(3);
  expect(await digestOf("b.csv", "a,b\n2,y\n1,x\n2,y\n")).toEqual(one);
  expect(await digestOf("c.csv", 'b,a\r\n"y",2\r\nx,1\r\ny,2')).toEqual(one);
  expect(await digestOf("d.tsv", "a\tb\n2\ty\n1\tx\n2\ty\n")).toEqual(one);
});

test.each([
  ["a cell", "a,b\n1,x\n2,z\n2,y\n"],
  ["a missing row", "a,b\n1,x\n2,y\n"],
  ["a row that is there once more", "a,b\n1,x\n2,y\n2,y\n2,y\n"],
  ["another repeated row", "a,b\n1,x\n1,x\n2,y\n"],
  ["the name of a column", "a,c\n1,x\n2,y\n2,y\n"],
  ["cells that changed places", "a,b\n1,y\n2,x\n2,y\n"],
])("%s is a change", async (_, text) => {
  const one = await digestOf("a.csv", "a,b\n1,x\n2,y\n2,y\n");
  expect((await digestOf("b.csv", text)).digest).not.toBe(one.digest);
});

test("JSON rows are compared by their fields, integers beyond 2^53 by all of their digits", async () => {
  const one = await digestOf("a.jsonl", '{"a":1,"b":9007199254740993}\n{"a":2,"b":null}\n');
  expect(await digestOf("b.json", '[{"b":null,"a":2},{"b":9007199254740993,"a":1}]')).toEqual(one);
  expect((await digestOf("c.jsonl", '{"a":1,"b":9007199254740992}\n{"a":2,"b":null}\n')).digest).not.toBe(one.digest);
});

test("an abort ends it with the signal's reason", async () => {
  const folder = await testFolder({ "a.csv": "a\n1\n" });
  await expect(digestRows(`${folder}/a.csv`, AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
});
