import type { JsonObject } from "../kernel/json.ts";
import type { ColumnProfile } from "../model/report/column-profile.ts";
import type { ReportData } from "../model/report/report-data.ts";
import type { DataQuery } from "../model/run/find-queries.ts";
import type { GitState, RowsRecord } from "../model/run/run-record.ts";

/** Everything that a page is made of, of a run or of a version alike. */
export interface ReportContent {
  readonly title: string;
  /** What is reported on: `Evaluation of churn`. */
  readonly subject: string;
  readonly status: {
    readonly word: string;
    readonly failure: { readonly code: string; readonly message: string } | null;
  };
  /** Facts below the title. */
  readonly facts: readonly Fact[];
  /** Null where nothing was computed on labelled rows; `absence` says why. */
  readonly data: ReportData | null;
  readonly absence: string;
  /** Metrics that the model itself wrote. */
  readonly modelMetrics: JsonObject;
  /** Whose columns are profiled, as a heading: `Columns of the training data`. */
  readonly columnsTitle: string;
  readonly columns: readonly ColumnProfile[];
  /** Why there are no columns, where there are none. */
  readonly columnsAbsence: string;
  readonly parameters: JsonObject;
  readonly record: ReproducibilityRecord;
  /** Time of writing and the tool's version. */
  readonly madeBy: string;
}

export type Fact = readonly [name: string, value: string];

/** What somebody needs who wants to make it again. */
export interface ReproducibilityRecord {
  readonly git: GitState | null;
  /** Where the code is kept, in words; null where nothing is said about it. */
  readonly code: string | null;
  /** Files that are not kept with the code, and why. */
  readonly leftOut: readonly string[];
  readonly interpreter: string | null;
  readonly environmentDigest: string | null;
  readonly packages: readonly string[];
  readonly unmet: readonly string[];
  readonly seeds: JsonObject;
  readonly threads: JsonObject;
  readonly machine: JsonObject;
  /** Path → sha256. */
  readonly dataDigests: Readonly<Record<string, string>>;
  /** Path → rows, whatever their order, of those files that are tables. */
  readonly dataRows: Readonly<Record<string, RowsRecord>>;
  readonly dataQueries: readonly DataQuery[];
  readonly files: readonly { readonly name: string; readonly sizeBytes: number; readonly sha256: string }[];
}
