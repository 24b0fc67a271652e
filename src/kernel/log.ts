import type { JsonObject } from "./json.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

/** Logs are events with fields, not sentences: `log("info", "worker.restarted", { model, attempt })`. */
export type Log = (level: LogLevel, event: string, fields?: JsonObject) => void;

/** A log that drops everything. */
export const silentLog: Log = () => undefined;
