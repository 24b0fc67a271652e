import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";

import { Failure } from "../kernel/failure.ts";
import type { Column } from "../model/definition/signature.ts";
import type { ExactJson } from "../model/ports/predictor.ts";
import { readRows, readRowSet, streamRows, streamTable } from "./read-rows.ts";
import type { TableFormat } from "./table-format.ts";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "modelwright-tabular-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function fileWith(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function rowsOf(text: string, columns?: readonly Column[]): Promise<readonly ExactJson[]> {
  return await readRows(await fileWith("rows.csv", text), { columns });
}

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const error: unknown = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Failure) return error;
  throw new Error(`Expected a Failure, got ${String(error)}`);
}

test("columns of CSV get the narrowest type that all of their cells have", async () => {
  const text = "i,f,b,s,mixed,flag\n1,1,true,a,1,1\n-2,2.5,False,b,x,true\n,1e3,,,NA,\n";
  expect(await rowsOf(text)).toEqual([
    { i: 1, f: 1, b: true, s: "a", mixed: "1", flag: "1" },
    { i: -2, f: 2.5, b: false, s: "b", mixed: "x", flag: "true" },
    { i: null, f: 1000, b: null, s: null, mixed: null, flag: null },
  ]);
});

test("empty, NA, NaN and null mean that there is no value; None and N/A are texts", async () => {
  const text = "a,b,empty\n,None,\nNA,N/A,NA\nNaN,x,NaN\nnan,x,\nnull,x,\nNULL,x,\n1,x,\n";
  const rows = (await rowsOf(text)) as { a: unknown; b: unknown; empty: unknown }[];
  expect(rows.map((row) => row.a)).toEqual([null, null, null, null, null, null, 1]);
  expect(rows.slice(0, 2).map((row) => row.b)).toEqual(["None", "N/A"]);
  expect(new Set(rows.map((row) => row.empty))).toEqual(new Set([null]));
});

test("leading zeros, plus signs and numbers too long for a double stay exact", async () => {
  const text = "zip,phone,id,big\n007,+49,9007199254740993,1e999\n100,+1,5,1\n";
  expect(await rowsOf(text)).toEqual([
    { zip: "007", phone: "+49", id: 9_007_199_254_740_993n, big: "1e999" },
    { zip: "100", phone: "+1", id: 5, big: "1" },
  ]);
  const digits = "9".repeat(100_000);
  expect(await rowsOf(`a\n${digits}\n`)).toEqual([{ a: digits }]);
});

test("infinities become the words that rows have for them", async () => {
  expect(await rowsOf("a\ninf\n-inf\n1\n")).toEqual([{ a: "Infinity" }, { a: "-Infinity" }, { a: 1 }]);
});

test("a signature decides the types of its columns, by name or alias", async () => {
  const columns: Column[] = [
    { name: "zip", type: "string" },
    { name: "age", type: "integer", aliases: ["years"], nullable: true },
    { name: "income", type: "float" },
    { name: "country", type: "string", categories: ["NA", "DE"], nullable: true },
    { name: "member", type: "boolean", optional: true },
  ];
  const text = "zip,years,income,country,member,y\n007,NA,NaN,NA,,1\n123,4.5,abc,,maybe,0\n,5,,DE,True,1\n";
  expect(await rowsOf(text, columns)).toEqual([
    { zip: "007", years: null, income: "NaN", country: "NA", y: 1 },
    { zip: "123", years: "4.5", income: "abc", country: null, member: "maybe", y: 0 },
    { zip: null, years: 5, income: null, country: "DE", member: true, y: 1 },
  ]);
});

test("quotes, commas and line breaks in cells, a byte order mark, Windows line ends and a last line without one", async () => {
  const text = '\uFEFFname,"no, te"\r\n"a ""b""","two\r\nlines"\r\n\r\nc, d ';
  expect(await rowsOf(text)).toEqual([
    { name: 'a "b"', "no, te": "two\r\nlines" },
    { name: "c", "no, te": " d " },
  ]);
});

test("rows as a client sends them: CSV gives names and order, unless the columns are known", async () => {
  const path = await fileWith("rows.csv", "name,2020,2019\na,1,\nb,2.5,3\n");
  const names = ["name", "2020", "2019"];
  const rows = [
    ["a", 1, null],
    ["b", 2.5, 3],
  ];
  expect(await readRowSet(path)).toEqual({ names, rows });
  const columns = [{ name: "name", type: "string" }] as const;
  expect((await readRowSet(path, { columns })).rows[1]).toEqual({ name: "b", "2020": 2.5, "2019": 3 });
  const older = JSON.stringify({ data: { names, ndarray: rows } });
  expect(await readRowSet(await fileWith("older.json", older))).toEqual({ names, rows });
  expect(await readRows(await fileWith("older.json", older))).toEqual([
    { name: "a", "2020": 1, "2019": null },
    { name: "b", "2020": 2.5, "2019": 3 },
  ]);
  expect(await readRowSet(await fileWith("rows.jsonl", "[1, 2]\n"))).toEqual({ rows: [[1, 2]] });
});

test.each<[string, object, object]>([
  ["columns and data", { columns: ["a", "b"], index: [0], data: [[1, 2]] }, { names: ["a", "b"], rows: [[1, 2]] }],
  ["dataframe_split", { dataframe_split: { columns: ["a"], data: [[1]] } }, { names: ["a"], rows: [[1]] }],
  ["dataframe_records", { dataframe_records: [{ a: 1 }] }, { rows: [{ a: 1 }] }],
  ["instances", { instances: [[1, 2]] }, { rows: [[1, 2]] }],
])("rows as other tools write them: %s", async (_, written, expected) => {
  expect(await readRowSet(await fileWith("example.json", JSON.stringify(written)))).toEqual(expected);
});

test.each([
  { columns: "a", data: [[1]] },
  { dataframe_split: 7 },
  { instances: 7 },
  { columns: ["a", "a"], data: [[1, 2]] },
])("what only looks like rows of other tools is refused: %j", async (written) => {
  await expect(readRowSet(await fileWith("odd.json", JSON.stringify(written)))).rejects.toMatchObject({
    code: "DATA_MALFORMED",
  });
});

test("tabs separate the cells of .tsv", async () => {
  expect(await readRows(await fileWith("a.tsv", "a\tb\n1\tx,y\n"))).toEqual([{ a: 1, b: "x,y" }]);
});

test("a header alone is a table without rows", async () => {
  expect(await rowsOf("a,b\n")).toEqual([]);
});

test.each([
  ["", 1, "there is no header"],
  ["a,,c\n1,2,3\n", 1, "column 2 has no name"],
  ["a,b,a\n1,2,3\n", 1, 'the column "a" is there twice'],
  ["a;b\n1;2\n", 1, "not separated by commas"],
  ["a,b\n1,2\n3\n", 3, "1 cells"],
  ["a,b\n1,2\n3,4,5\n", 3, "3 cells"],
  ['a,b\n1,2\n3,"x\n4,5\n', 4, "not closed"],
  ['a,b\n1,2\n3,x"y"\n', 3, "stands inside a cell"],
])("%j is malformed at line %d: %s", async (text, line, message) => {
  const failure = await failureOf(rowsOf(text));
  expect(failure).toMatchObject({ code: "DATA_MALFORMED", details: { line } });
  expect(failure.message).toContain(`rows.csv:${line}: `);
  expect(failure.message).toContain(message);
});

test("a column may have any name, also that of an object's prototype", async () => {
  const [row] = await rowsOf("__proto__,constructor,2nd\n1,2,3\n");
  expect(Object.entries(row as object)).toEqual([
    ["__proto__", 1],
    ["constructor", 2],
    ["2nd", 3],
  ]);
});

test("bytes that are not UTF-8 are refused, not replaced", async () => {
  const latin1 = Buffer.from("city\nMünchen\n", "latin1");
  for (const name of ["a.csv", "a.json", "a.jsonl"]) {
    const failure = await failureOf(readRows(await fileWith(name, latin1)));
    expect(failure).toMatchObject({ code: "DATA_MALFORMED" });
    expect(failure.message).toContain("is not UTF-8");
  }
});

test("characters that fall between two chunks are whole", async () => {
  const bytes = Buffer.from('[{"city": "München 🐧"}]');
  const chunks = [...bytes].map((byte) => Buffer.of(byte));
  expect(await readRows(Readable.from(chunks))).toEqual([{ city: "München 🐧" }]);
});

test("JSON is a list of rows or has them in inputs, with exact integers", async () => {
  expect(await readRows(await fileWith("a.json", '\uFEFF[{"a": 1}, [1, 2]]'))).toEqual([{ a: 1 }, [1, 2]]);
  expect(await readRows(await fileWith("a.json", '{"inputs": [{"id": 9007199254740993}]}'))).toEqual([
    { id: 9_007_199_254_740_993n },
  ]);
  for (const text of ["{}", "3", '{"inputs": {}}', "[1", ""])
    expect(await failureOf(readRows(await fileWith("a.json", text)))).toMatchObject({ code: "DATA_MALFORMED" });
});

test("JSON Lines are read line by line, and faults name the line", async () => {
  const text = '{"a": "x\u2028y"}\r\n\n{"a": 9007199254740993}';
  expect(await readRows(await fileWith("a.jsonl", text))).toEqual([{ a: "x\u2028y" }, { a: 9_007_199_254_740_993n }]);
  const failure = await failureOf(readRows(await fileWith("a.ndjson", '{"a": 1}\n{"a": \n')));
  expect(failure).toMatchObject({ code: "DATA_MALFORMED", details: { line: 2 } });
});

test("a stream is read as a file is, in the format that it is said to have", async () => {
  const read = (text: string, format: TableFormat): Promise<readonly ExactJson[]> =>
    readRows(Readable.from([Buffer.from(text)]), { format });
  expect(await read("a,b\n1,x\n", "csv")).toEqual([{ a: 1, b: "x" }]);
  expect(await read('{"a": 1}\n', "jsonl")).toEqual([{ a: 1 }]);
});

test("a table has rows of objects only", async () => {
  const table = streamTable(await fileWith("a.json", '[{"a": 1}, [1]]'));
  expect((await table.next()).value).toEqual({ a: 1 });
  const failure = await failureOf(table.next());
  expect(failure).toMatchObject({ code: "DATA_MALFORMED", details: { row: 1 } });
});

test("files that are not there, folders and unknown names are told apart", async () => {
  expect(await failureOf(readRows(join(folder, "absent.csv")))).toMatchObject({ code: "FILE_NOT_FOUND" });
  expect(await failureOf(readRows(folder, { format: "csv" }))).toMatchObject({ code: "FILE_NOT_FOUND" });
  expect(await failureOf(readRows(folder, { format: "json" }))).toMatchObject({ code: "FILE_NOT_FOUND" });
  expect(await failureOf(readRows(join(folder, "a.parquet")))).toMatchObject({ code: "DATA_MALFORMED" });
});

test("a reader that stops early leaves nothing open", async () => {
  const path = await fileWith("long.csv", `a,b\n${"1,2\n".repeat(100_000)}`);
  for await (const row of streamRows(path)) {
    expect(row).toEqual({ a: 1, b: 2 });
    break;
  }
  await rm(path);
});
