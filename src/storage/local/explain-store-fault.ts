import { Failure, hasSystemCode, messageOf } from "../../kernel/failure.ts";

interface Place {
  readonly location: string;
  /** Key or prefix; empty for the store as a whole. */
  readonly key: string;
  readonly verb: "read" | "written";
}

interface Explanation {
  readonly codes: readonly string[];
  readonly reason: string;
  readonly hint: string;
}

const ELSEWHERE = "choose another store with --store or MODELWRIGHT_STORE";
const EXPLANATIONS: readonly Explanation[] = [
  { codes: ["ENOSPC", "EDQUOT"], reason: "the disk or quota is full", hint: `Free some space, or ${ELSEWHERE}.` },
  { codes: ["EROFS"], reason: "the file system is read-only", hint: `Mount it writable, or ${ELSEWHERE}.` },
  { codes: ["EACCES", "EPERM"], reason: "permission denied", hint: `Mend the folder's permissions, or ${ELSEWHERE}.` },
  { codes: ["EMFILE", "ENFILE"], reason: "too many open files", hint: "Raise the limit of open files (ulimit -n)." },
];
const UNKNOWN = { reason: "the file system failed", hint: `Check the folder and its disk, or ${ELSEWHERE}.` };

/** @returns Failure `STORE_UNAVAILABLE` for what the operating system refused; anything else as it came. */
export function explainStoreFault(error: unknown, place: Place): unknown {
  // Faults of the file system have a system call; a TypeError of ours has none and stays a bug.
  if (!(error instanceof Error) || !("syscall" in error)) return error;
  const { reason, hint } = EXPLANATIONS.find(({ codes }) => hasSystemCode(error, ...codes)) ?? UNKNOWN;
  const what = place.key === "" ? "" : ` (${place.key})`;
  return new Failure("STORE_UNAVAILABLE", {
    message: `The store at ${place.location} cannot be ${place.verb}${what}: ${reason}. ${messageOf(error)}.`,
    hint,
    details: { store: place.location, key: place.key },
    cause: error,
  });
}
