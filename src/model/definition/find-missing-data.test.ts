import { expect, test } from "vitest";

import { findMissingData } from "./find-missing-data.ts";

test("names the data files that are nowhere, and nothing that is no file", () => {
  const configuration = {
    train: "data/nosuch.csv",
    test: "/data/there.csv",
    more: [{ file: "/data/gone.parquet" }],
    table: "schema.table",
    url: "https://example.com/rows.csv",
    sql: "select * from t",
    target: "species",
  };
  expect(findMissingData(configuration, (path) => path === "/data/there.csv")).toEqual([
    { pointer: "/train", path: "data/nosuch.csv" },
    { pointer: "/more/0/file", path: "/data/gone.parquet" },
  ]);
});
