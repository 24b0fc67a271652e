import { textOption, type CommandInput } from "../command.ts";
import { numberOption } from "./environment-choice.ts";
import { readMemoryLimit } from "./memory-option.ts";

const LONGEST_TIMEOUT_S = 30 * 24 * 3600;

/** The limits of a run. */
export interface RunLimits {
  readonly timeoutMs: number | null;
  readonly memoryLimitBytes: number | null;
}

/**
 * Reads `--timeout` and `--memory`.
 * @throws Failure `USAGE`.
 */
export function runLimits(input: CommandInput): RunLimits {
  const seconds = numberOption(input, "timeout", { min: 0.001, max: LONGEST_TIMEOUT_S, whole: false });
  const memory = textOption(input, "memory");
  const memoryLimitBytes = memory === null ? null : readMemoryLimit(memory, "--memory 2Gi");
  return { timeoutMs: seconds === null ? null : seconds * 1000, memoryLimitBytes };
}
