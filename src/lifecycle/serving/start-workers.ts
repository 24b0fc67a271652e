import { join } from "node:path";

import { enginePool } from "../../engines/engine-pool.ts";
import { startWorkerEngine } from "../../engines/worker-engine.ts";
import { makeFolders } from "../../files/folders/make-folders.ts";
import type { Log } from "../../kernel/log.ts";
import type { Engine } from "../../model/ports/engine.ts";
import type { WorkerSpec } from "../../model/ports/job.ts";
import { layOutWorkFolder } from "../running/lay-out-work-folder.ts";
import type { Services, Work } from "../services.ts";
import type { Loadable } from "./loadable.ts";

const START_TIMEOUT_MS = 300_000;

export interface WorkersRequest {
  readonly loadable: Loadable;
  readonly commandFor: (workerFile: string) => readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  /** Absolute folder, which exists, for the workers' own folders. */
  readonly folder: string;
  /** One for each worker: what the model prints. */
  readonly logFiles: readonly string[];
  /** What a worker in this working folder is told. */
  readonly specFor: (workFolder: string) => WorkerSpec;
}

/**
 * Starts the workers of a model, each in a working folder of its own, and puts them together as one engine.
 * @throws Failure of the first that does not start; none runs then.
 */
export async function startWorkers(services: Services, request: WorkersRequest, work: Work): Promise<Engine> {
  const [first, ...others] = request.logFiles.map((logFile, index) => ({ logFile, number: index + 1 }));
  if (first === undefined) throw new RangeError("A model has at least one worker.");
  const leader = await startWorker(services, { ...request, ...first }, work);
  if (others.length === 0) return leader;
  // What the first one found out about the scorer, the others are told.
  const specFor = (folder: string): WorkerSpec => ({ ...request.specFor(folder), ...leader.forms });
  const started = await Promise.allSettled(
    others.map((place) => startWorker(services, { ...request, specFor, ...place }, work)),
  );
  const engines = [leader, ...started.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []))];
  const failed = started.find((one) => one.status === "rejected");
  if (failed === undefined) return enginePool(engines, services.clock);
  await Promise.all(engines.map((engine) => engine.stop()));
  throw failed.reason;
}

interface WorkerRequest extends WorkersRequest {
  readonly logFile: string;
  /** Counts from 1. */
  readonly number: number;
}

async function startWorker(
  services: Services,
  { loadable, commandFor, variables, folder, logFiles, specFor, logFile, number }: WorkerRequest,
  work: Work,
): Promise<Engine> {
  const workerFolder = join(folder, `worker-${number}`);
  const workFolder = join(workerFolder, "work");
  await makeFolders(workerFolder);
  await layOutWorkFolder(workFolder, { config: loadable.serving.config, artifacts: loadable.artifacts });
  const { name: model, version } = loadable;
  return await startWorkerEngine({
    ...{ commandFor, variables, workerFolder, logFile },
    spec: specFor(workFolder),
    startTimeoutMs: START_TIMEOUT_MS,
    memoryLimitBytes: loadable.memoryLimitBytes,
    handsBack: logFiles.length > 1,
    log: logOf(services.log, { model, version, worker: number }),
    clock: services.clock,
    signal: work.signal,
  });
}

/** So that an event says whose it is. */
function logOf(log: Log, place: { readonly model: string; readonly version: string; readonly worker: number }): Log {
  return (level, event, fields) => log(level, event, { ...place, ...fields });
}
