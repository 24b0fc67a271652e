import { expect, test } from "vitest";
import * as z from "zod";

import { check, jsonPointer, parse, parseJson } from "./parse.ts";

test("a value that does not fit its schema is refused with every place named at once", () => {
  const schema = z.object({ port: z.number(), hosts: z.array(z.string()) });
  const { issues } = check(schema, { port: "x", hosts: ["a", 1] });
  expect(issues?.map(({ pointer }) => pointer)).toEqual(["/port", "/hosts/1"]);
  expect(() => parse(schema, {}, "server.json")).toThrow(/^server\.json is not valid\. \/port: .*; \/hosts: /);
});

test("JSON pointers escape slashes and tildes as RFC 6901 asks", () => {
  expect(jsonPointer(["a/b", "~", 0])).toBe("/a~1b/~0/0");
});

test("text that is no JSON is refused by the name of where it stood", () => {
  expect(() => parseJson("{", "config.json")).toThrow(/^config\.json is not JSON/);
});
