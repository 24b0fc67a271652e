/** One file of a folder that was read. */
export interface SnapshotEntry {
  /** Relative to the snapshot's root, with `/`. */
  readonly path: string;
  readonly sizeBytes: number;
}

/** A folder as it was at one moment: what pure code decides on. Symbolic links that lead out of the root are left out unless they are to be followed. */
export interface FolderSnapshot {
  /** Absolute. */
  readonly root: string;
  readonly entries: readonly SnapshotEntry[];
  /** Text of the files that were asked for, by path. A file that is not UTF-8 or over the size limit is absent. */
  readonly texts: ReadonlyMap<string, string>;
  /** Folders and files that could not be read, with the reason. */
  readonly unreadable: readonly UnreadablePath[];
}

/** What could not be looked into, and why. */
export interface UnreadablePath {
  readonly path: string;
  readonly reason: string;
}
