import * as z from "zod";
import { expect, test } from "vitest";

import { openRecord, sealRecord } from "./sealed-record.ts";

const schema = z.object({ version: z.string() });
const open = (text: string) => openRecord(schema, Buffer.from(text), "models/m/commits/v.json");

test("a sealed record opens as it was", () => {
  expect(openRecord(schema, sealRecord({ version: "ö", extra: [1, null] }), "k")).toEqual({ version: "ö" });
});

test("the order of fields and white space do not matter, values do", () => {
  const { version, schemaVersion, digest } = JSON.parse(sealRecord({ version: "v1" }).toString()) as Record<
    string,
    unknown
  >;
  expect(open(JSON.stringify({ digest, version, schemaVersion }, null, 2))).toEqual({ version: "v1" });
  expect(() => open(JSON.stringify({ digest, version: "v2", schemaVersion }))).toThrow("digest");
});

test.each(["", "nonsense", "[]", "null", '{"version":"v1"}', '{"version":"v1","digest":null}'])(
  "%j is damaged",
  (text) => {
    expect(() => open(text)).toThrow("models/m/commits/v.json is damaged");
  },
);

test("a whole record of another kind is told from a damaged one of this kind", () => {
  expect(() => open(sealRecord({ other: 1 }).toString())).toThrow("/version");
});
