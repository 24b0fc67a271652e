import { parseVersion } from "../version-text.ts";
import type { PackageSource } from "../package-file.ts";
import { packageName } from "../requirement-text.ts";
import { faultAt, type TomlPath } from "../pyproject/toml-file.ts";

/** What one package asks of another. */
export interface LockedDependency {
  /** Canonical. */
  readonly name: string;
  /** Clauses of PEP 440, alternatives divided by `||`, or `===` and one version; null: any. */
  readonly versions: string | null;
  readonly extras: readonly string[];
  /** PEP 508; empty: always. */
  readonly marker: string;
}

/** One package of a lock file, in one version. */
export interface LockedPackage {
  /** Canonical. */
  readonly name: string;
  readonly version: string;
  /** `name==version` or `name @ address`. */
  readonly requirement: string;
  /** `sha256:…`; empty for what has no file: a folder, a repository. */
  readonly hashes: readonly string[];
  /** Where it is to be had beside other versions of the same package; PEP 508, empty: always. */
  readonly marker: string;
  readonly dependencies: readonly LockedDependency[];
  /** By extra. */
  readonly extras: ReadonlyMap<string, readonly LockedDependency[]>;
}

/** Packages by their canonical name. */
export function byName(packages: readonly LockedPackage[]): ReadonlyMap<string, readonly LockedPackage[]> {
  const groups = new Map<string, LockedPackage[]>();
  for (const entry of packages) groups.set(entry.name, [...(groups.get(entry.name) ?? []), entry]);
  return groups;
}

const HASH = /^(?:sha256|sha384|sha512):[0-9a-f]{64,128}$/;
const MARKER = /^(?:(?!--)[\w .'"<>=!~()*,+-])*$/;
const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\/[^\s;#'"\\]+(?:#[^\s;'"\\]*)?$/i;

/** Checks what goes into lines for pip: a lock file of a stranger must not slip an option into them. */
export function checkedPackage(source: PackageSource, at: TomlPath, entry: LockedPackage): LockedPackage | null {
  const { requirement, version } = entry;
  const [name = "", address] = requirement.split(" @ ");
  const isNamed = packageName(entry.name) === entry.name && entry.name !== "";
  const isPlaced = address === undefined ? parseVersion(version) !== null : ADDRESS.test(address);
  const texts = [entry.marker, ...dependenciesOf(entry).map(({ marker }) => marker)];
  const isMarked = texts.every((marker) => MARKER.test(marker));
  if (isNamed && isPlaced && isMarked && entry.hashes.every((hash) => HASH.test(hash))) return entry;
  const shown = JSON.stringify(name.slice(0, 100));
  faultAt(source, at, {
    message: `The package ${shown} has a name, version, address, marker or hash that is none.`,
    remedy: REMEDY,
  });
  return null;
}

/** What to do about a lock file that cannot be used. */
export const REMEDY =
  "Lock anew (`uv lock`, `poetry lock`), or take the lock file away to have the requirements resolved.";

function dependenciesOf({ dependencies, extras }: LockedPackage): readonly LockedDependency[] {
  return [...dependencies, ...[...extras.values()].flat()];
}
