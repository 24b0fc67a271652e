import type { JsonObject } from "../../kernel/json.ts";

/** Something that long work says on the way; faces decide how to show it. */
export interface ProgressEvent {
  /** What is going on, for example `environment.installing`. */
  readonly step: string;
  /** A short sentence for people. */
  readonly message: string;
  readonly fields?: JsonObject | undefined;
  /** To be told even where progress is not shown. */
  readonly isWarning?: true | undefined;
}

export type OnProgress = (event: ProgressEvent) => void;
