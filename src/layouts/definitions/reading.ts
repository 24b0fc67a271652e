import type { ErrorCode } from "../../kernel/error-codes.ts";
import type { Fault } from "../../model/definition/model-definition.ts";
import type { FolderSnapshot } from "../../model/ports/folder-snapshot.ts";

/** What is wrong, and what to do about it; the place is added by `Reading`. */
export interface FaultFields {
  readonly message: string;
  readonly remedy: string;
}

/** The reading of one definition folder: its snapshot, and the faults found so far. */
export class Reading {
  readonly snapshot: FolderSnapshot;
  /** Paths of all files, relative to the definition folder. */
  readonly paths: ReadonlySet<string>;
  readonly faults: Fault[] = [];
  readonly warnings: Fault[] = [];
  /** Faults of what can be done without: warnings of a definition that is sound otherwise. */
  readonly sideFaults: Fault[] = [];
  readonly #displayPath: string;

  /** @param displayPath - the folder as faults name it; empty or "." for the folder searched itself. */
  constructor(snapshot: FolderSnapshot, displayPath: string) {
    this.snapshot = snapshot;
    this.paths = new Set(snapshot.entries.map((entry) => entry.path));
    this.#displayPath = displayPath;
  }

  /** @param place - path in the definition folder, followed by `:line:column` or `#/pointer` where that is known. */
  fault(code: ErrorCode, place: string, fields: FaultFields): void {
    this.faults.push({ code, ...fields, where: this.#where(place) });
  }

  warn(code: ErrorCode, place: string, fields: FaultFields): void {
    this.warnings.push({ code, ...fields, where: this.#where(place) });
  }

  /** Runs a reader of something that the definition can do without: what it finds wrong makes nothing invalid. */
  aside<T>(read: () => T): T {
    const before = this.faults.length;
    const value = read();
    this.sideFaults.push(...this.faults.splice(before));
    return value;
  }

  /** True when any file lies below `folder`. */
  hasFolder(folder: string): boolean {
    return this.snapshot.entries.some((entry) => entry.path.startsWith(`${folder}/`));
  }

  /** Why a file's text is not in the snapshot although the file is there. */
  reasonUnreadable(path: string): string {
    const unreadable = this.snapshot.unreadable.find((item) => item.path === path);
    return unreadable?.reason ?? "it is too large";
  }

  #where(place: string): string {
    if (this.#displayPath === "" || this.#displayPath === ".") return place === "" ? "." : place;
    return place === "" ? this.#displayPath : `${this.#displayPath}/${place}`;
  }
}
