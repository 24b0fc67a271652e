import { expect, test } from "vitest";

import { findQueries } from "./find-queries.ts";

const nothing = (): null => null;

test("a query and the time as of which it was asked are found at any depth", () => {
  expect(
    findQueries({ source: { query: "SELECT 1", as_of: "2026-01-31" }, sql: "SELECT 2", target: "query" }, nothing),
  ).toEqual([
    { pointer: "/source/query", sql: "SELECT 1", file: null, asOf: "2026-01-31" },
    { pointer: "/sql", sql: "SELECT 2", file: null, asOf: null },
  ]);
});

test("a time further out counts for the queries below it, and the nearest one wins", () => {
  const configuration = { asOf: "2026-01-01", tables: [{ sql: "a" }, { sql: "b", asOf: "2026-02-01" }] };
  expect(findQueries(configuration, nothing).map(({ pointer, asOf }) => [pointer, asOf])).toEqual([
    ["/tables/0/sql", "2026-01-01"],
    ["/tables/1/sql", "2026-02-01"],
  ]);
});

test("a file of SQL is read, whatever its key; one that cannot be read is a query only under a key for queries", () => {
  const read = (path: string): string | null => (path === "/q/train.sql" ? "SELECT 3" : null);
  expect(findQueries({ train: "/q/train.sql", other: "/q/gone.sql" }, read)).toEqual([
    { pointer: "/train", sql: "SELECT 3", file: "/q/train.sql", asOf: null },
  ]);
});

test("empty texts, numbers and other keys are no queries", () => {
  expect(findQueries({ sql: " ", query: 3, description: "SELECT nothing" }, nothing)).toEqual([]);
});
