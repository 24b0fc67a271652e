import { Readable } from "node:stream";
import { expect, test } from "vitest";

import { Failure } from "../kernel/failure.ts";
import { readCsv } from "./read-csv.ts";

async function recordsOf(...chunks: string[]): Promise<readonly (readonly string[])[]> {
  const records: (readonly string[])[] = [];
  const source = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
  for await (const batch of readCsv(source, ",", "rows.csv")) records.push(...batch);
  return records;
}

const HEADER = ["a", "b"];
const PLAIN = "a,b\n1,2\n\n3,4\n";

test.each([
  ["lines that come in pieces", ["a,", "b\r", "\n1,2\r\n3", ",4"]],
  ["line ends of both kinds", ["a,b\r\n1,2\n3,4\r\n"]],
  ["line ends of old files", ["a,b\r1,2\r3,4\r"]],
  ["a byte order mark", ["\uFEFFa,b\n1,2\n3,4\n"]],
  ["quotes from the first line on", ['"a",b\n1,"2"\n3,4\n']],
  ["quotes that come late", [PLAIN, '"5",6\n']],
  ["quotes that come late in a file with Windows line ends", ["a,b\r\n1,2\r\n", '3,"4"\r\n']],
])("%s are read", async (_, chunks) => {
  const records = await recordsOf(...chunks);
  expect(records.slice(0, 3)).toEqual([HEADER, ["1", "2"], ["3", "4"]]);
});

test("what follows the first quote is read by the rules of quotes", async () => {
  const records = await recordsOf(PLAIN, '5,"x\n""y"", z"\n', "7,8\n", "9,10");
  expect(records).toEqual([HEADER, ["1", "2"], ["3", "4"], ["5", 'x\n"y", z'], ["7", "8"], ["9", "10"]]);
});

test.each([
  ["5,6,7\n", 5, "the row has 3 cells"],
  ['5,"x"\n6\n', 6, "the row has 1 cells"],
  ['5,"x\n7,8\n', 6, "a double quote is opened here or further up"],
  ['5,x"y"\n', 5, "a double quote stands inside a cell"],
])("a fault behind plain lines, %j, is reported at line %d", async (text, line, message) => {
  const error: unknown = await recordsOf(PLAIN, text).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Failure);
  expect((error as Failure).code).toBe("DATA_MALFORMED");
  expect((error as Failure).details).toMatchObject({ line });
  expect((error as Failure).message).toContain(message);
});

test("a reader that stops early closes the source", async () => {
  const source = Readable.from([Buffer.from(PLAIN), Buffer.from("5,6\n")]);
  for await (const batch of readCsv(source, ",", "rows.csv")) if (batch.length > 0) break;
  expect(source.destroyed).toBe(true);
});
