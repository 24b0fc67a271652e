// https://packaging.python.org/en/latest/specifications/version-specifiers/#appendix-parsing-version-strings-with-regular-expressions
const RELEASE = /^v?((?:\d+!)?\d+(?:\.\d+)*)(.*)$/i;
const SUFFIX =
  /^(?:[-_.]?(?:a|b|c|rc|alpha|beta|pre|preview)[-_.]?\d*)?(?:-\d+|[-_.]?(?:post|rev|r)[-_.]?\d*)?(?:[-_.]?dev[-_.]?\d*)?(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?$/i;

// Whatever is longer is no version, and huge numbers take long to read.
const MAX_LENGTH = 200;

/** A version as the Python package index writes them (PEP 440). */
export interface PythonVersion {
  /** Without a leading `v`: `1.2rc1`. */
  readonly text: string;
  /** `1!` of `1!2.0`, else empty. */
  readonly epoch: string;
  /** `[1, 2]` of `1.2rc1`. Dates and commit numbers may be longer than a number holds. */
  readonly release: readonly bigint[];
  /** True for `1.2`, false for `1.2rc1` and `1.2+cpu`. */
  readonly isPlain: boolean;
}

/** Reads a version of PEP 440; null for anything else. */
export function parseVersion(text: string): PythonVersion | null {
  const [, numbers, suffix] = text.length > MAX_LENGTH ? [] : (RELEASE.exec(text) ?? []);
  if (numbers === undefined || suffix === undefined || !SUFFIX.test(suffix)) return null;
  const epochEnd = numbers.indexOf("!") + 1;
  return {
    text: numbers + suffix,
    epoch: numbers.slice(0, epochEnd),
    release: numbers.slice(epochEnd).split(".").map(BigInt),
    isPlain: suffix === "",
  };
}

/** The first version after all that begin with the first `length` numbers: `1.3` of `1.2.5` and 2. */
export function versionAfter({ epoch, release }: PythonVersion, length: number): string {
  const kept = release.slice(0, length);
  return epoch + [...kept.slice(0, -1), (kept.at(-1) ?? 0n) + 1n].join(".");
}
