import { posix } from "node:path";

import type { PackageFile, PackageSource } from "../package-file.ts";
import { faultAt, parseToml } from "../pyproject/toml-file.ts";
import { canonicalName } from "../requirement-text.ts";
import { byName, REMEDY, type LockedDependency, type LockedPackage } from "./locked-packages.ts";
import { candidatesFor, pinClosure } from "./pin-closure.ts";
import { parseDependency } from "./parse-dependency.ts";
import { readPoetryLock } from "./read-poetry-lock.ts";
import { readUvLock } from "./read-uv-lock.ts";

/** What a lock file holds. */
export interface LockedProject {
  readonly packages: readonly LockedPackage[];
  /** What the project itself depends on for one purpose; null: what its `pyproject.toml` says. */
  readonly roots: ((purpose: "train" | "predict") => readonly LockedDependency[]) | null;
  readonly requiresPython: string | null;
}

/**
 * The packages of a `pyproject.toml` in the exact versions that the lock file beside it pins, with everything that
 * they need and the hashes of their files. Null after a fault was reported.
 * @param file - what the `pyproject.toml` asks for.
 */
export function readLockFile(source: PackageSource, file: PackageFile): PackageFile | null {
  const document = parseToml(source);
  if (document === null) return null;
  const read = posix.basename(source.path) === "uv.lock" ? readUvLock : readPoetryLock;
  const project = read(source, document);
  if (project === null) return null;
  const named = byName(project.packages);
  const dependencies = (lines: readonly string[]): readonly LockedDependency[] =>
    lines.flatMap((line) => parseDependency(line) ?? []);
  // Most are for both purposes, and told once.
  for (const dependency of dependencies([...new Set([...file.train, ...file.predict])]))
    checkLocked(source, dependency, named);
  const linesFor = (purpose: "train" | "predict"): readonly string[] =>
    pinClosure(project.roots?.(purpose) ?? dependencies(file[purpose]), project.packages);
  return {
    train: linesFor("train"),
    predict: linesFor("predict"),
    requiresPython: file.requiresPython ?? project.requiresPython,
    lockPath: source.path,
  };
}

/** A lock that was made before the last change of `pyproject.toml` would leave packages out without a word. */
function checkLocked(
  source: PackageSource,
  dependency: LockedDependency,
  named: ReadonlyMap<string, readonly LockedPackage[]>,
): void {
  if (candidatesFor(dependency, named).length > 0) return;
  const there = (named.get(canonicalName(dependency.name)) ?? []).map(({ version }) => version);
  const asked = `${dependency.name}${dependency.versions ?? ""}`;
  faultAt(source, ["package"], {
    message: `The lock file is older than pyproject.toml, which asks for ${asked}: it has ${there.length === 0 ? "no such package" : there.join(" and ")}.`,
    remedy: REMEDY,
  });
}
