/** What the server is told for one model, where it differs from the others. */
export interface ModelServing {
  /** Worker processes. */
  readonly workers: number;
  /** Of each worker and all that it starts; null: what the model's definition says, else none. */
  readonly memoryLimitBytes: number | null;
  /** Longest time from a request's arrival to its answer. */
  readonly timeoutMs: number;
}

/** Where nothing else is said. */
export const REQUEST_TIMEOUT_MS = 30_000;

/** A log file that is begun anew by size and time. */
export interface LogFileSettings {
  /** Absolute. */
  readonly path: string;
  /** A file that would become larger is put aside first. */
  readonly maxBytes: number;
  /** A file is put aside when it is older. */
  readonly maxAgeMs: number;
  /** Files that are kept beside the one that is written. */
  readonly keep: number;
}

/** Where nothing else is said. */
export const LOG_FILE_DEFAULTS: Omit<LogFileSettings, "path"> = {
  maxBytes: 64 * 1024 * 1024,
  maxAgeMs: 24 * 3_600_000,
  keep: 7,
};

/** How models are served. */
export interface ServerSettings extends ModelServing {
  readonly host: string;
  /** Null: the variable PORT, which counts more than the project file, holds no port. Only serving minds. */
  readonly port: number | null;
  /** By the name under which a model is served. */
  readonly models: Readonly<Record<string, Partial<ModelServing>>>;
  /** How often aliases are looked at; null: a server keeps the version that it began with. */
  readonly followIntervalMs: number | null;
  /** What part of the requests is logged with input and output: 0 to 1. */
  readonly loggedShare: number;
  /** Columns whose values are never logged. */
  readonly redact: readonly string[];
  /** Null: the log goes to standard error. */
  readonly log: LogFileSettings | null;
}
