import type { ExactJson } from "../ports/predictor.ts";

/** What was wrong with one input row: column name → messages. The empty name stands for the row as a whole. */
export type RowErrors = Readonly<Record<string, readonly string[]>>;

/** The body of a prediction, the same from HTTP, the command line and the library. */
export interface PredictReply {
  /** An integer that a double cannot hold is a `bigint`: write the body with `stringifyExact`. */
  readonly predictions: readonly ExactJson[];
  /** `rows[i]` is the input index of `predictions[i]`. */
  readonly rows: readonly number[];
  /** Version label of the model that answered. */
  readonly version: string;
  /** Input index → what was wrong with that row, or null when every row was good. */
  readonly errors: Readonly<Record<string, RowErrors>> | null;
}
