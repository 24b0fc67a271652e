import { extname } from "node:path";

import { Failure } from "../kernel/failure.ts";

/** How rows are written in a file. `jsonl` is one JSON value a line. */
export const TABLE_FORMATS = ["csv", "tsv", "json", "jsonl"] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

const EXTENSIONS: Readonly<Record<string, TableFormat>> = {
  ".csv": "csv",
  ".tsv": "tsv",
  ".json": "json",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
};

/** True for a file name that tells that the file holds rows. */
export function isTablePath(path: string): boolean {
  return extname(path).toLowerCase() in EXTENSIONS;
}

/**
 * The format that a file name tells.
 * @throws Failure `DATA_MALFORMED` for an extension that says nothing.
 */
export function formatOfPath(path: string): TableFormat {
  const format = EXTENSIONS[extname(path).toLowerCase()];
  if (format !== undefined) return format;
  throw new Failure("DATA_MALFORMED", {
    message: `The name of ${path} does not tell how its rows are written.`,
    hint: `Use a name that ends in ${Object.keys(EXTENSIONS).join(", ")}.`,
  });
}
