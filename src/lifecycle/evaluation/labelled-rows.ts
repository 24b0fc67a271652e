import { statSync } from "node:fs";
import { basename } from "node:path";

import { Failure } from "../../kernel/failure.ts";
import type { JsonValue } from "../../kernel/json.ts";
import type { EvaluationSpec } from "../../model/definition/model-definition.ts";
import { resolveDataPath } from "../../model/definition/resolve-data-paths.ts";
import type { Signature } from "../../model/definition/signature.ts";
import type { ExactJson } from "../../model/ports/predictor.ts";
import type { TestSetPolicy } from "../../model/settings.ts";
import { streamTable } from "../../tabular/read-rows.ts";
import { streamRowFile, type OpenPickledRows } from "../data/row-files.ts";

/** More rows than this are sampled unless the project stores test sets in full. */
export const MAX_SAMPLED_ROWS = 10_000;

/** A row as it is served, and the answer that it should get. */
export interface LabelledRow {
  readonly row: { readonly [column: string]: JsonValue };
  readonly truth: JsonValue;
}

/** Where labelled rows are. */
export interface LabelledSource {
  readonly evaluation: EvaluationSpec;
  readonly signature: Signature | null;
  /** Absolute: those that a relative path may begin in, the first that has it counts. */
  readonly folders: readonly string[];
}

/**
 * The labelled rows that a definition's `evaluation` names, the target taken out of each.
 * @throws Failure `FILE_NOT_FOUND`, `DATA_MALFORMED`, and what `openPickled` throws.
 */
export async function readLabelledRows(
  { evaluation, signature, folders }: LabelledSource,
  openPickled: OpenPickledRows,
): Promise<readonly LabelledRow[]> {
  const path = labelledPath({ evaluation, folders });
  if (path === null) {
    throw new Failure("FILE_NOT_FOUND", {
      message: `The evaluation data ${evaluation.data} is in none of ${folders.join(", ")}.`,
      hint: 'Mend "evaluation": {"data": …} in model.json; the path is relative to the definition or the project.',
    });
  }
  const rows = await readLabelledFile(path, { target: evaluation.target, signature, openPickled });
  if (rows.length > 0) return rows;
  throw new Failure("DATA_MALFORMED", {
    message: `The evaluation data ${path} has no rows.`,
    hint: 'Fill the file, or name another in "evaluation": {"data": …} of model.json.',
  });
}

/** Absolute path of the data that `evaluation` names; null where none of the folders has it. */
export function labelledPath({ evaluation, folders }: Omit<LabelledSource, "signature">): string | null {
  return evaluation.data.startsWith("/") ? evaluation.data : resolveDataPath(evaluation.data, folders, kindOf);
}

/** Reads the labelled rows of one file; the target must be in every row. */
async function readLabelledFile(
  path: string,
  {
    target,
    signature,
    openPickled,
  }: { readonly target: string; readonly signature: Signature | null; readonly openPickled: OpenPickledRows },
): Promise<readonly LabelledRow[]> {
  const rows: LabelledRow[] = [];
  const inputNames =
    signature === null ? null : new Set(signature.columns.flatMap(({ name, aliases }) => [name, ...(aliases ?? [])]));
  for await (const fields of streamRowFile(path, { columns: signature?.columns, openPickled })) {
    const truth = fields[target];
    if (truth === undefined) {
      throw new Failure("DATA_MALFORMED", {
        message: `Row ${rows.length} of ${path} has no column "${target}", which "evaluation" names as the target.`,
        hint: `The row has: ${Object.keys(fields).join(", ")}. Mend the file, or "evaluation" in model.json.`,
      });
    }
    const inputs = Object.entries(fields).filter(([name]) =>
      inputNames === null ? name !== target : inputNames.has(name),
    );
    rows.push({ row: Object.fromEntries(inputs.map(([name, value]) => [name, plain(value)])), truth: plain(truth) });
  }
  return rows;
}

/** What a version keeps of a test set: an even share of the rows, so that the order of the file does not matter. */
export function keepRows<T>(rows: readonly T[], policy: TestSetPolicy): readonly T[] {
  if (policy === "digest") return [];
  if (policy === "full" || rows.length <= MAX_SAMPLED_ROWS) return rows;
  const step = rows.length / MAX_SAMPLED_ROWS;
  return Array.from({ length: MAX_SAMPLED_ROWS }, (_, index) => rows[Math.floor(index * step)]).filter(
    (row) => row !== undefined,
  );
}

/** Name of the target in stored test sets, so that it cannot collide with a column. */
const STORED_TRUTH = "truth";

/** The stored form of a test set: JSON lines of `{"row": …, "truth": …}`. */
export function formatTestSet(rows: readonly LabelledRow[]): string {
  return rows.map(({ row, truth }) => `${JSON.stringify({ row, [STORED_TRUTH]: truth })}\n`).join("");
}

/** Reads what `formatTestSet` wrote. */
export async function readTestSet(path: string): Promise<readonly LabelledRow[]> {
  const rows: LabelledRow[] = [];
  for await (const line of streamTable(path)) {
    const row = plain(line["row"] ?? null);
    if (typeof row !== "object" || row === null || Array.isArray(row)) {
      throw new Failure("DATA_MALFORMED", { message: `${basename(path)} is not a stored test set.` });
    }
    rows.push({ row: row as LabelledRow["row"], truth: plain(line[STORED_TRUTH] ?? null) });
  }
  return rows;
}

/** Test sets are plain JSON: an integer beyond 2^53 is given to the model as the nearest double. */
function plain(value: ExactJson): JsonValue {
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return (value as readonly ExactJson[]).map(plain);
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, plain(field)]));
}

function kindOf(path: string): "file" | "folder" | null {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return null;
  return found.isFile() ? "file" : found.isDirectory() ? "folder" : null;
}
