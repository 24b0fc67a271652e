/** Why a file of the checkout is not kept with a run. `ignored`: git leaves it out, so the commit does not have it. */
export type LeftOutReason = "secret" | "large" | "lfs" | "submodule" | "ignored" | "unreadable" | "limit";

/** A file that was there when a run began, and is not kept with it. */
export interface LeftOutFile {
  /** Relative to `CodeRecord.root`, with `/`; a folder ends in one. */
  readonly path: string;
  readonly reason: LeftOutReason;
  /** Null where it was not looked at. */
  readonly sizeBytes: number | null;
}

/**
 * Where the code of a run can be found again, as it was when the run began. `commit`: the repository's own commit, nothing
 * was changed. `snapshot`: a commit that holds the changes too, stored beside the runs. `files`: copies, outside of git.
 */
export interface CodeRecord {
  readonly kind: "commit" | "snapshot" | "files";
  /** Absolute. The top of the checkout, or the definition folder. */
  readonly root: string;
  /** The definition folder, relative to `root`; empty for `root` itself. */
  readonly definition: string;
  /** Absolute. The project that the run belonged to: Node packages are looked up there. */
  readonly project: string;
  /** What is checked out; null for copies. */
  readonly commit: string | null;
  /** The commit that a snapshot builds on; null where nothing was committed yet. */
  readonly base: string | null;
  /** The bundle of a snapshot or the list of copies, relative to the state folder's `code/`; null for a commit. */
  readonly stored: string | null;
  /** Files of a snapshot that are not as in `base`, at most a thousand. */
  readonly changed: readonly string[];
  /** At most a thousand. */
  readonly leftOut: readonly LeftOutFile[];
  /** All that were left out. */
  readonly leftOutCount: number;
}

/** More names than this are of no use to a reader, and would make every record slow to read. */
export const MAX_LISTED_FILES = 1_000;
