import { Failure } from "../../kernel/failure.ts";

/**
 * Returns `path` if it names a file inside a folder: relative, with `/`, without empty, `.` or `..` parts.
 * @param where - what names the path, for messages.
 * @throws Failure `PATH_ESCAPES_ROOT`.
 */
export function parseVersionPath(path: string, where: string): string {
  const isInside =
    !path.includes("\0") && path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
  if (isInside) return path;
  throw new Failure("PATH_ESCAPES_ROOT", {
    message: `${where} names a file ${JSON.stringify(path)}, which does not lie inside a model version.`,
    hint: "Paths are relative, with /, and have no empty, . or .. parts.",
    details: { path },
  });
}

/** A path that occurs twice, or that is a file and the folder of another path too; null when all can stand side by side. */
export function findPathConflict(paths: readonly string[]): string | null {
  const seen = new Set<string>();
  for (const path of paths) {
    if (seen.has(path)) return path;
    seen.add(path);
  }
  for (const path of paths) {
    for (let slash = path.indexOf("/"); slash !== -1; slash = path.indexOf("/", slash + 1))
      if (seen.has(path.slice(0, slash))) return path.slice(0, slash);
  }
  return null;
}
