import { Failure } from "../../kernel/failure.ts";
import {
  canHoldProcess,
  formatMemorySize,
  LEAST_PROCESS_MEMORY_BYTES,
  parseMemorySize,
} from "../../model/definition/memory-size.ts";

const LEAST = formatMemorySize(LEAST_PROCESS_MEMORY_BYTES);

/**
 * Bytes of the value of `--memory`.
 * @param example - a use of the flag as the command takes it, for the hint.
 * @throws Failure `USAGE`: no size, or too little for any process.
 */
export function readMemoryLimit(text: string, example: string): number {
  const sizeBytes = parseMemorySize(text);
  if (sizeBytes !== null && canHoldProcess(sizeBytes)) return sizeBytes;
  throw new Failure("USAGE", {
    message:
      sizeBytes === null
        ? `--memory takes a size such as 512Mi or 2Gi, not "${text}".`
        : `--memory ${text} is ${formatMemorySize(sizeBytes)}; no process can run in less than ${LEAST}.`,
    hint: `A size is a number with one of k, M, G, Ki, Mi, Gi (a bare number counts bytes): ${example}.`,
  });
}
