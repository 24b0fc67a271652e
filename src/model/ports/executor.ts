import type { JsonObject } from "../../kernel/json.ts";
import type { JobResult, JobSpec, RowsJobSpec } from "./job.ts";

/** One job to run: what to start, where, and with which limits. */
export interface JobRequest {
  readonly spec: JobSpec | RowsJobSpec;
  /** Absolute folder for `job.json`, `result.json`, `events.jsonl`, `stdout.log`, `stderr.log`. */
  readonly jobFolder: string;
  /** Program and arguments. */
  readonly command: readonly string[];
  /** The whole environment of the process: nothing is inherited. */
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutMs: number | null;
  /** Of the whole process group. */
  readonly memoryLimitBytes: number | null;
  /** Called for every line of `events.jsonl` as it appears. */
  readonly onEvent: (event: JsonObject) => void;
  /** Called once the process runs. Must not throw. */
  readonly onStarted?: (() => void) | undefined;
  readonly signal: AbortSignal;
}

/** How a job ended. Exactly one reason is true unless `result` is there. */
export interface JobOutcome {
  /** `result.json`, checked against its schema; null when there is none or it is not valid. */
  readonly result: JobResult | null;
  readonly exitCode: number | null;
  readonly exitSignal: string | null;
  readonly isTimedOut: boolean;
  readonly isOutOfMemory: boolean;
  readonly isInterrupted: boolean;
  readonly durationMs: number;
  readonly peakMemoryBytes: number | null;
  /** Absolute paths. */
  readonly stdoutFile: string;
  readonly stderrFile: string;
}

/** Where jobs run: this machine now; containers and clusters later. */
export interface Executor {
  runJob(request: JobRequest): Promise<JobOutcome>;
}
