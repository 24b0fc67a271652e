import type { CodeRecord } from "./code-record.ts";

/** Where the code of a run is kept, in words: `snapshot 0c43ca07a8ce with 2 changed files`. Null: keeping it failed. */
export function describeCode(code: CodeRecord | null): string {
  if (code === null) return "not kept";
  const { kind, commit, changed } = code;
  const short = commit?.slice(0, 12) ?? "";
  return {
    commit: `commit ${short}`,
    snapshot: `snapshot ${short} with ${changed.length} changed ${changed.length === 1 ? "file" : "files"}`,
    files: "copies of the definition's files",
  }[kind];
}

/** Files that are not kept with the code, and why, at most `limit` of them by name. */
export function describeLeftOut({ leftOut, leftOutCount }: CodeRecord, limit: number): readonly string[] {
  const names = leftOut.slice(0, limit).map(({ path, reason }) => `${path} (${reason})`);
  const more = leftOutCount - names.length;
  return [...names, ...(more > 0 ? [`${more} more`] : [])];
}
