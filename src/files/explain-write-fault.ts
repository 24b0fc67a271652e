import { Failure, hasSystemCode, messageOf } from "../kernel/failure.ts";

const FULL = ["ENOSPC", "EDQUOT"];
const FORBIDDEN = ["EROFS", "EACCES", "EPERM"];

/**
 * Turns what a write threw into what a reader can act on.
 * @returns Failure `STATE_UNWRITABLE` for a full, read-only, forbidden or broken place; anything else as it came.
 */
export function explainWriteFault(error: unknown, path: string): unknown {
  const reason = reasonOf(error);
  if (reason === null) return error;
  return new Failure("STATE_UNWRITABLE", {
    message: `Cannot write ${path}: ${reason} (${messageOf(error)}).`,
    hint: `${hasSystemCode(error, ...FULL) ? "Free some space" : "Make the folder writable"}, or choose another place with --home or MODELWRIGHT_HOME.`,
    details: { path },
    cause: error,
  });
}

function reasonOf(error: unknown): string | null {
  if (hasSystemCode(error, ...FULL)) return "the disk or quota is full";
  if (hasSystemCode(error, "EROFS")) return "the file system is read-only";
  if (hasSystemCode(error, ...FORBIDDEN)) return "permission denied";
  if (hasSystemCode(error, "ENOTDIR")) return "something on the way is not a folder";
  // Its parent is there: a link to nowhere is on the way, or the file system (as `/proc`) has no room for folders.
  if (hasSystemCode(error, "ENOENT") && isFromMkdir(error)) return "no folder can be made there";
  if (hasSystemCode(error, "EIO")) return "the disk failed";
  return null;
}

function isFromMkdir(error: unknown): boolean {
  return error instanceof Error && "syscall" in error && error.syscall === "mkdir";
}
