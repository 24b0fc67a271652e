import { Failure, messageOf } from "../kernel/failure.ts";

/** The file that an object should be made of cannot be read: not the store's fault. */
export function sourceUnreadable(file: string, cause: unknown): Failure {
  return new Failure("FILE_NOT_FOUND", {
    message: `${file} cannot be read: ${messageOf(cause)}.`,
    hint: "Check the path and its permissions.",
    details: { path: file, nothingWritten: true },
    cause,
  });
}

/** The file has other bytes than when its digest was taken. */
export function fileChanged(file: string): Failure {
  return new Failure("FILE_CHANGED", {
    message: `${file} changed while it was being stored.`,
    hint: "Wait until nothing writes to it, then try again.",
    details: { path: file, nothingWritten: true },
  });
}

/** The signal was raised before the object came to be. */
export function interrupted(cause: unknown): Failure {
  return new Failure("INTERRUPTED", {
    message: cause instanceof Failure ? cause.message : "Stopped while an object was being stored.",
    details: { nothingWritten: true },
    cause,
  });
}
