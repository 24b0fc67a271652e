import { Failure } from "../../kernel/failure.ts";
import { parseMemorySize } from "../../model/definition/memory-size.ts";
import { textOption, type CommandInput } from "../command.ts";
import { numberOption } from "./environment-choice.ts";

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
  const memoryLimitBytes = memory === null ? null : parseMemorySize(memory);
  if (memory !== null && memoryLimitBytes === null) {
    throw new Failure("USAGE", {
      message: `--memory takes a size such as 512Mi or 2Gi, not "${memory}".`,
      hint: "Give a number with one of k, M, G, Ki, Mi, Gi, for example --memory 2Gi.",
    });
  }
  return { timeoutMs: seconds === null ? null : seconds * 1000, memoryLimitBytes };
}
