import { resolve } from "node:path";
import * as z from "zod";

import { canHoldProcess, parseMemorySize } from "../../model/definition/memory-size.ts";
import {
  LOG_FILE_DEFAULTS,
  REQUEST_TIMEOUT_MS,
  type LogFileSettings,
  type ModelServing,
  type ServerSettings,
} from "../../model/server-settings.ts";

const MAX_WORKERS = 64;
const MAX_TIMEOUT_S = 3600;
const DAY_S = 24 * 3600;
const HOUR_MS = 3_600_000;

const byteSize = z
  .string()
  .refine((text) => parseMemorySize(text) !== null, { error: 'must be a size such as "512Mi" or "2Gi"', abort: true })
  .meta({ examples: ["512Mi", "2Gi"] });

const servingFields = {
  workers: z.number().int().min(1).max(MAX_WORKERS).optional().describe("Worker processes of a model. Default 1."),
  memory: byteSize
    .refine((text) => canHoldProcess(parseMemorySize(text)), "must be at least 16Mi; a bare number counts bytes")
    .optional()
    .describe("Memory that each worker may use, at least 16Mi. Default: what the model's definition says."),
  timeoutSeconds: z
    .number()
    .min(0.1)
    .max(MAX_TIMEOUT_S)
    .optional()
    .describe("Longest time for the answer to a request. Default 30."),
};

/** `server` in the project file. */
export const serverSchema = z.strictObject({
  host: z.string().optional().describe("Address to listen on. Default 127.0.0.1: this machine only."),
  port: z.number().int().min(0).max(65_535).optional().describe("Port to listen on; 0 takes a free one. Default 8080."),
  ...servingFields,
  models: z
    .record(z.string(), z.strictObject(servingFields))
    .optional()
    .describe("By the name of a model: where it differs from the others."),
  followSeconds: z
    .union([z.literal(false), z.number().min(0.1).max(DAY_S)], {
      error: "must be false or a number of seconds from 0.1",
    })
    .optional()
    .describe("How often aliases are looked at; false: a server keeps the version that it began with. Default 5."),
  logPredictions: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe("Part of the requests whose input and output are logged. Default 1: all."),
  redact: z.array(z.string().min(1)).optional().describe("Columns whose values are never logged."),
  log: z
    .strictObject({
      file: z.string().min(1).describe("Path of the log file."),
      maxSize: byteSize.optional().describe("A file that would become larger is put aside first. Default 64Mi."),
      maxHours: z.number().positive().max(8_784).optional().describe("An older file is put aside. Default 24."),
      keep: z.number().int().min(0).max(1_000).optional().describe("Files that are kept beside it. Default 7."),
    })
    .optional()
    .describe("Log into a file instead of standard error."),
});

type ServerFile = z.infer<typeof serverSchema>;

const FOLLOW_SECONDS = 5;

/** Where the server listens unless a flag says otherwise. */
export type ListenAddress = Pick<ServerSettings, "host" | "port">;

/** @param folder - that of the project file, which paths in it are relative to. */
export function serverSettings(file: ServerFile, folder: string, address: ListenAddress): ServerSettings {
  const { followSeconds = FOLLOW_SECONDS } = file;
  const { workers = 1, memoryLimitBytes = null, timeoutMs = REQUEST_TIMEOUT_MS } = modelServing(file);
  return {
    ...address,
    workers,
    memoryLimitBytes,
    timeoutMs,
    models: Object.fromEntries(Object.entries(file.models ?? {}).map(([name, fields]) => [name, modelServing(fields)])),
    followIntervalMs: followSeconds === false ? null : followSeconds * 1000,
    loggedShare: file.logPredictions ?? 1,
    redact: file.redact ?? [],
    log: file.log === undefined ? null : logFileSettings(file.log, folder),
  };
}

function logFileSettings(
  { file, maxSize, maxHours, keep }: NonNullable<ServerFile["log"]>,
  folder: string,
): LogFileSettings {
  const maxBytes = maxSize === undefined ? null : parseMemorySize(maxSize);
  return {
    path: resolve(folder, file),
    maxBytes: maxBytes ?? LOG_FILE_DEFAULTS.maxBytes,
    maxAgeMs: maxHours === undefined ? LOG_FILE_DEFAULTS.maxAgeMs : maxHours * HOUR_MS,
    keep: keep ?? LOG_FILE_DEFAULTS.keep,
  };
}

function modelServing(fields: Pick<ServerFile, keyof typeof servingFields>): Partial<ModelServing> {
  const { workers, memory, timeoutSeconds } = fields;
  return {
    ...(workers === undefined ? {} : { workers }),
    ...(memory === undefined ? {} : { memoryLimitBytes: parseMemorySize(memory) }),
    ...(timeoutSeconds === undefined ? {} : { timeoutMs: timeoutSeconds * 1000 }),
  };
}
