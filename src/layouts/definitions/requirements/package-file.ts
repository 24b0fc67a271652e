import type { Reading } from "../reading.ts";

/** What a file names that lists packages in a format of its own, as lines that pip understands. */
export interface PackageFile {
  readonly train: readonly string[];
  readonly predict: readonly string[];
  /** Pythons that the file asks for, as in `RequirementsFile.requiresPython`. */
  readonly requiresPython: string | null;
  /** The lock file that the lines come from: they are all that is to be installed. */
  readonly lockPath?: string | undefined;
}

/** A file that lists packages, while it is read. */
export interface PackageSource {
  readonly reading: Reading;
  /** Relative to the definition folder, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** What pip is told of several version ranges: it knows no "or", and the last one is the newest by habit. */
export function lastOf(alternatives: readonly string[]): string {
  return alternatives.at(-1) ?? "";
}

/** @param place - `:line:column` or `#/pointer`. */
export function warnOfNarrowing({ reading, path }: PackageSource, place: string, requirement: string): void {
  reading.warn("REQUIREMENT_NARROWED", `${path}${place}`, {
    message: `Of several version ranges only the last is used, since pip knows no "or": ${requirement}.`,
    remedy: "Give one range, or list the packages in a requirements.txt.",
  });
}
