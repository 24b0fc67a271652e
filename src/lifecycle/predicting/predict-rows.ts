import type { Readable } from "node:stream";

import type { Column } from "../../model/definition/signature.ts";
import type { RowSet } from "../../model/ports/predictor.ts";
import type { PredictReply, RowErrors } from "../../model/prediction/predict-reply.ts";
import { readRowFile, type OpenPickledRows } from "../data/row-files.ts";

/** Rows that are asked at once: few enough for every server's limit. */
const CHUNK_ROWS = 1_000;

/** Something that answers rows: a model in this process, or a server. */
export interface Answering {
  readonly columns: readonly Column[] | undefined;
  predict(request: RowSet): Promise<PredictReply>;
  /** Who opens the pickles in files of rows. */
  readonly openPickled: OpenPickledRows;
}

/**
 * Predicts all rows of a file or stream, and puts the answers together as one.
 * @throws Failure `FILE_NOT_FOUND`, `DATA_MALFORMED`, and whatever predicting throws.
 */
export async function predictRows(model: Answering, source: string | Readable): Promise<PredictReply> {
  return predictRowSet(model, await readRowFile(source, model));
}

/** As `predictRows`, for rows that are there already. */
export async function predictRowSet(model: Pick<Answering, "predict">, { rows, names }: RowSet): Promise<PredictReply> {
  let merged: PredictReply | null = null;
  for (let start = 0; start < Math.max(1, rows.length); start += CHUNK_ROWS) {
    const reply = await model.predict({ rows: rows.slice(start, start + CHUNK_ROWS), names });
    merged = merged === null ? reply : appendReply(merged, reply, start);
  }
  return merged ?? model.predict({ rows });
}

function appendReply(before: PredictReply, reply: PredictReply, start: number): PredictReply {
  const moved: Record<string, RowErrors> = {};
  for (const [row, errors] of Object.entries(reply.errors ?? {})) moved[String(Number(row) + start)] = errors;
  const hasErrors = before.errors !== null || reply.errors !== null;
  return {
    predictions: [...before.predictions, ...reply.predictions],
    rows: [...before.rows, ...reply.rows.map((row) => row + start)],
    version: reply.version,
    errors: hasErrors ? { ...before.errors, ...moved } : null,
  };
}
