import type { ExactJson } from "../../model/ports/predictor.ts";
import { readRows } from "../../tabular/read-rows.ts";
import type { PickledRows } from "./row-files.ts";

/**
 * Reads what a job that opened a pickle wrote: see `RowsJobSpec`.
 * @throws Failure `DATA_MALFORMED`.
 */
export async function readPickledRows(path: string): Promise<PickledRows> {
  const [first, ...lines] = await readRows(path, { format: "jsonl" });
  const names = (first as { readonly names: readonly string[] | null }).names;
  return { names, rows: lines.map((line) => (line as readonly ExactJson[]).map(revive)) };
}

function revive(value: ExactJson): ExactJson {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const [field, ...others] = Object.entries(value);
  const isFloat = field !== undefined && others.length === 0 && field[0] === "float" && typeof field[1] === "string";
  return isFloat ? Number(field[1]) : value;
}
