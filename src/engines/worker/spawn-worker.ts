import { open, type FileHandle } from "node:fs/promises";
import type { Duplex } from "node:stream";

import { explainWriteFault } from "../../files/explain-write-fault.ts";
import type { Clock } from "../../kernel/clock.ts";
import { Failure } from "../../kernel/failure.ts";
import { explainStartFault } from "../../process/explain-start-fault.ts";
import { spawnGroup, type ProcessGroup } from "../../process/spawn-group.ts";

export interface WorkerProgram {
  readonly command: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Takes stdout and stderr of this and later workers: both belong to the model. */
  readonly logFile: string;
  readonly clock: Clock;
}

export interface SpawnedWorker {
  readonly group: ProcessGroup;
  readonly channel: Duplex;
  /** The line in the log after which this worker's output begins. */
  readonly logBeginning: string;
}

/**
 * Starts a worker's process: descriptor 3 is the channel, stdin is empty, output goes straight into the log.
 * @throws Failure `INTERPRETER_NOT_FOUND`, `STATE_UNWRITABLE`.
 */
export async function spawnWorker({ command, variables, cwd, logFile, clock }: WorkerProgram): Promise<SpawnedWorker> {
  const logBeginning = `--- worker started at ${clock.now().toISOString()} ---`;
  const log = await beginLog(logFile, logBeginning);
  try {
    const group = await spawnGroup({ command, variables, cwd, stdout: log.fd, stderr: log.fd, hasChannel: true });
    if (group.channel === null) throw new Failure("INTERNAL", { message: "A worker was started without a channel." });
    return { group, channel: group.channel, logBeginning };
  } catch (error) {
    throw explainStartFault(error, command);
  } finally {
    await log.close();
  }
}

async function beginLog(logFile: string, beginning: string): Promise<FileHandle> {
  try {
    const log = await open(logFile, "a");
    await log.appendFile(`${beginning}\n`);
    return log;
  } catch (error) {
    throw explainWriteFault(error, logFile);
  }
}
