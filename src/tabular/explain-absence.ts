import { Failure, hasSystemCode } from "../kernel/failure.ts";

/** What reading a file threw, as `FILE_NOT_FOUND` where the file is not there or is not to be read. */
export function explainAbsence(error: unknown, where: string): unknown {
  if (hasSystemCode(error, "ENOENT", "ENOTDIR"))
    return new Failure("FILE_NOT_FOUND", {
      message: `There is no file ${where}.`,
      hint: "Check the path.",
      cause: error,
    });
  if (hasSystemCode(error, "EACCES", "EPERM", "EISDIR", "EIO", "ELOOP", "ENAMETOOLONG"))
    return new Failure("FILE_NOT_FOUND", { message: `${where} cannot be read as a file.`, cause: error });
  return error;
}
