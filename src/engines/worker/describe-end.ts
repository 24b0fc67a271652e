import type { GroupExit } from "../../process/spawn-group.ts";

/** How a worker's process ended, in facts. */
export interface EndFacts {
  readonly exit: GroupExit;
  /** Why the tool killed it, as a sentence's end; null when it did not. */
  readonly killReason: string | null;
  readonly isOutOfMemory: boolean;
}

const LAST_LINES = 10;

/** The end as the end of a sentence that begins "The worker …". */
export function describeEnd({ exit, killReason, isOutOfMemory }: EndFacts): string {
  if (killReason !== null) return killReason;
  if (isOutOfMemory) return "was killed because the machine or container ran out of memory";
  return exit.signal === null ? `exited with code ${exit.exitCode ?? "unknown"}` : `was ended by signal ${exit.signal}`;
}

/** The last lines with something in them, of the part of a log that follows its last line equal to `beginning`. */
export function lastLinesOf(log: string, beginning: string): readonly string[] {
  const lines = log.split("\n");
  return lines
    .slice(lines.lastIndexOf(beginning) + 1)
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .slice(-LAST_LINES);
}
