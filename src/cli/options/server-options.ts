import { resolve } from "node:path";

import type { ProcessFacts } from "../../app/read-process.ts";
import { Failure } from "../../kernel/failure.ts";
import { LOG_FILE_DEFAULTS, type ModelServing, type ServerSettings } from "../../model/server-settings.ts";
import { listOption, textOption, type CommandInput } from "../command.ts";
import { numberOption, portOption } from "./environment-choice.ts";
import { readMemoryLimit } from "./memory-option.ts";
import { unusablePort } from "./unusable-port.ts";

const MOST_WORKERS = 64;
const LONGEST_TIMEOUT_S = 3600;
const LONGEST_INTERVAL_S = 24 * 3600;

/**
 * The server's settings after the flags.
 * @throws Failure `USAGE`; `CONFIG_INVALID` when the port is left to the variable PORT and that holds none.
 */
export function serverOptions(
  input: CommandInput,
  settings: ServerSettings,
  { cwd, variables }: Pick<ProcessFacts, "cwd" | "variables">,
): ServerSettings & {
  readonly port: number;
  /** Models that flags name. */
  readonly namedModels: readonly string[];
} {
  const port = portOption(input) ?? settings.port;
  if (port === null) throw unusablePort({ variables }, "the port with --port or MODELWRIGHT_PORT");
  const workers = perModel(input, "workers", readWorkers);
  const memory = perModel(input, "memory", readMemory);
  const timeout = perModel(input, "timeout", readTimeout);
  const logFile = textOption(input, "logFile");
  const redact = listOption(input, "redact");
  return {
    host: textOption(input, "host") ?? settings.host,
    port,
    workers: workers.all ?? settings.workers,
    memoryLimitBytes: memory.all ?? settings.memoryLimitBytes,
    timeoutMs: timeout.all ?? settings.timeoutMs,
    models: modelsOf(settings, { workers, memory, timeout }),
    namedModels: [workers, memory, timeout].flatMap(({ models }) => [...models.keys()]),
    followIntervalMs: followInterval(input, settings),
    loggedShare: numberOption(input, "logPredictions", { min: 0, max: 1, whole: false }) ?? settings.loggedShare,
    redact: [...settings.redact, ...redact],
    log: logFile === null ? settings.log : { ...(settings.log ?? LOG_FILE_DEFAULTS), path: resolve(cwd, logFile) },
  };
}

interface PerModel {
  /** Null: nothing was said for all models. */
  readonly all: number | null;
  readonly models: ReadonlyMap<string, number>;
}

/** Values such as `4` for all models and `churn=4` for one. */
function perModel(input: CommandInput, name: string, read: (text: string) => number): PerModel {
  let all: number | null = null;
  const models = new Map<string, number>();
  for (const text of listOption(input, name)) {
    const equals = text.lastIndexOf("=");
    if (equals === -1) all = read(text);
    else models.set(text.slice(0, equals), read(text.slice(equals + 1)));
  }
  return { all, models };
}

/** A flag for all models counts more than what the project file says of one; a flag for that one counts most. */
function modelsOf(
  { models }: ServerSettings,
  { workers, memory, timeout }: Readonly<Record<"workers" | "memory" | "timeout", PerModel>>,
): ServerSettings["models"] {
  const named = [workers, memory, timeout].flatMap((flag) => [...flag.models.keys()]);
  const names = new Set([...Object.keys(models), ...named]);
  return Object.fromEntries(
    [...names].map((name) => {
      const workerCount = workers.models.get(name) ?? workers.all ?? models[name]?.workers;
      const limitBytes = memory.models.get(name) ?? memory.all ?? models[name]?.memoryLimitBytes;
      const timeoutMs = timeout.models.get(name) ?? timeout.all ?? models[name]?.timeoutMs;
      const fields: Partial<ModelServing> = {
        ...(workerCount === undefined ? {} : { workers: workerCount }),
        ...(limitBytes === undefined ? {} : { memoryLimitBytes: limitBytes }),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      };
      return [name, fields];
    }),
  );
}

function followInterval(input: CommandInput, settings: ServerSettings): number | null {
  const seconds = numberOption(input, "followInterval", { min: 0.1, max: LONGEST_INTERVAL_S, whole: false });
  // Commander turns --no-follow into follow: false.
  if (input.options["follow"] === false) return null;
  return seconds === null ? settings.followIntervalMs : seconds * 1000;
}

function readWorkers(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= MOST_WORKERS) return count;
  throw new Failure("USAGE", {
    message: `--workers takes a whole number from 1 to ${MOST_WORKERS}, not "${text}".`,
    hint: "For example --workers 2, or --workers churn=4 for one model alone.",
  });
}

/** @returns milliseconds. */
function readTimeout(text: string): number {
  const seconds = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && seconds >= 0.1 && seconds <= LONGEST_TIMEOUT_S) return seconds * 1000;
  throw new Failure("USAGE", {
    message: `--timeout takes seconds from 0.1 to ${LONGEST_TIMEOUT_S}, not "${text}".`,
    hint: "For example --timeout 60, or --timeout churn=120 for one model alone.",
  });
}

function readMemory(text: string): number {
  return readMemoryLimit(text, "--memory 2Gi, or --memory churn=4Gi for one model alone");
}
