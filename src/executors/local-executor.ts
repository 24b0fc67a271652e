import { constants } from "node:fs";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";

import { explainWriteFault } from "../files/explain-write-fault.ts";
import { makeFolders } from "../files/folders/make-folders.ts";
import { writeFileAtomically } from "../files/write-file-atomically.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Log } from "../kernel/log.ts";
import type { Executor, JobOutcome, JobRequest } from "../model/ports/executor.ts";
import { boundLog } from "../process/bounded-log.ts";
import { explainStartFault } from "../process/explain-start-fault.ts";
import { countOomKills } from "../process/oom-kills.ts";
import { spawnGroup, type GroupExit, type ProcessGroup } from "../process/spawn-group.ts";
import { enforceLimits, type EndReason } from "./enforce-limits.ts";
import { readResult } from "./read-result.ts";
import { tailEvents } from "./tail-events.ts";

export interface LocalExecutorOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Between SIGTERM and SIGKILL when a job is stopped; five seconds unless told. */
  readonly graceMs?: number | undefined;
  /** Of each of stdout.log and stderr.log; 1 GiB unless told. */
  readonly maxLogBytes?: number | undefined;
}

const DEFAULT_GRACE_MS = 5_000;
const DEFAULT_MAX_LOG_BYTES = 1024 ** 3;
/** For what a job leaves behind when it ends by itself. */
const LEFTOVER_GRACE_MS = 500;

/** Runs jobs as processes of this machine: job folder in, result and files out (see `model/ports/job.ts`). */
export function localExecutor(options: LocalExecutorOptions): Executor {
  return { runJob: (request) => runJob(request, options) };
}

interface JobFiles {
  readonly job: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** How the process ended, and who wanted it to. */
interface JobEnd {
  readonly exit: GroupExit;
  readonly reason: EndReason | null;
  readonly peakMemoryBytes: number | null;
}

async function runJob(request: JobRequest, options: LocalExecutorOptions): Promise<JobOutcome> {
  const startMs = options.clock.monotonicMs();
  const files: JobFiles = {
    job: join(request.jobFolder, "job.json"),
    stdout: join(request.jobFolder, "stdout.log"),
    stderr: join(request.jobFolder, "stderr.log"),
  };
  const end = request.signal.aborted ? NEVER_STARTED : await runToTheEnd(request, files, options);
  const { result, distrust } =
    end.reason === null
      ? await readResult(request.spec.resultFile, end.exit.exitCode)
      : { result: null, distrust: null };
  if (distrust !== null) options.log("warn", "job.result.distrusted", { file: request.spec.resultFile, distrust });
  return {
    result,
    exitCode: end.exit.exitCode,
    exitSignal: end.exit.signal,
    isTimedOut: end.reason === "timedOut",
    isOutOfMemory: end.reason === "outOfMemory",
    isInterrupted: end.reason === "interrupted",
    durationMs: options.clock.monotonicMs() - startMs,
    peakMemoryBytes: largest(end.peakMemoryBytes, result?.peakMemoryBytes ?? null),
    stdoutFile: files.stdout,
    stderrFile: files.stderr,
  };
}

const NEVER_STARTED: JobEnd = { exit: { exitCode: null, signal: null }, reason: "interrupted", peakMemoryBytes: null };

async function runToTheEnd(request: JobRequest, files: JobFiles, options: LocalExecutorOptions): Promise<JobEnd> {
  await prepareFolder(request, files);
  const oomKillsBefore = countOomKills();
  const group = await start(request, files);
  request.onStarted?.();
  const limits = enforceLimits(group, { ...request, graceMs: options.graceMs ?? DEFAULT_GRACE_MS });
  const tail = tailEvents(request.spec.eventsFile, request.onEvent, options.log);
  const limitBytes = options.maxLogBytes ?? DEFAULT_MAX_LOG_BYTES;
  const bounds = [files.stdout, files.stderr].map((path) => boundLog({ path, limitBytes, log: options.log }));
  const exit = await group.exited;
  const reason = limits.reason() ?? (wasKilledForMemory(exit, oomKillsBefore) ? "outOfMemory" : null);
  const peakMemoryBytes = limits.peakMemoryBytes();
  limits.stop();
  if (!(await group.end(LEFTOVER_GRACE_MS))) options.log("error", "job.unended", { groupId: group.identity.id });
  group.channel?.destroy();
  for (const unbind of bounds) unbind();
  await tail.finish();
  await rm(`${request.spec.resultFile}.${group.identity.id}.tmp`, { force: true }).catch(() => undefined);
  return { exit, reason, peakMemoryBytes };
}

async function prepareFolder(request: JobRequest, files: JobFiles): Promise<void> {
  await makeFolders(request.jobFolder);
  try {
    // What an earlier process left here must not pass for this one's.
    for (const file of [request.spec.resultFile, request.spec.eventsFile]) await rm(file, { force: true });
  } catch (error) {
    throw explainWriteFault(error, request.jobFolder);
  }
  await writeFileAtomically(files.job, `${JSON.stringify(request.spec, null, 2)}\n`);
}

/**
 * Output goes straight into files: neither a slow nor a dead tool holds up the job, and nothing passes through memory.
 * Descriptor 3 is there to hang up when the tool dies, which ends the job; so nobody closes it while the job lives.
 */
async function start(request: JobRequest, files: JobFiles): Promise<ProcessGroup> {
  const stdout = await openLog(files.stdout);
  try {
    const stderr = await openLog(files.stderr);
    const { command, variables, spec } = request;
    try {
      const files = { stdout: stdout.fd, stderr: stderr.fd };
      const group = await spawnGroup({ command, variables, cwd: spec.workFolder, ...files, hasChannel: true });
      // A model that writes there by mistake must not wait for a reader.
      group.channel?.resume();
      return group;
    } catch (error) {
      throw explainStartFault(error, command);
    } finally {
      await stderr.close();
    }
  } finally {
    await stdout.close();
  }
}

async function openLog(path: string): ReturnType<typeof open> {
  try {
    // Appending, as `boundLog` asks for.
    return await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND);
  } catch (error) {
    throw explainWriteFault(error, path);
  }
}

function wasKilledForMemory(exit: GroupExit, oomKillsBefore: number | null): boolean {
  return exit.signal === "SIGKILL" && oomKillsBefore !== null && (countOomKills() ?? 0) > oomKillsBefore;
}

function largest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
