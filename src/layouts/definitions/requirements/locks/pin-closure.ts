import { meetsVersion } from "../../../../model/python/meets-version.ts";
import { byName, type LockedDependency, type LockedPackage } from "./locked-packages.ts";
import { ALWAYS, eitherCondition, isSameCondition, textOf, withMarker, type Condition } from "./marker-conditions.ts";

/** A package or one of its extras, while conditions are gathered. */
interface Node {
  readonly entry: LockedPackage;
  /** Empty: the package itself. */
  readonly extra: string;
}

/**
 * Everything that the dependencies lead to in a lock, as lines for pip: exact versions with the hashes of all their
 * files and the marker that says for which interpreters and platforms.
 */
export function pinClosure(roots: readonly LockedDependency[], packages: readonly LockedPackage[]): readonly string[] {
  const named = byName(packages);
  const conditions = new Map<string, Condition>();
  const waiting: { readonly dependency: LockedDependency; readonly condition: Condition }[] = roots.map(
    (dependency) => ({ dependency, condition: ALWAYS }),
  );
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { dependency, condition } = next;
    for (const node of nodesOf(dependency, named)) {
      const key = keyOf(node);
      const known = conditions.get(key) ?? [];
      const reached = withMarker(withMarker(condition, dependency.marker), node.entry.marker);
      const wider = eitherCondition(known, reached);
      if (isSameCondition(known, wider) && known.length > 0) continue;
      conditions.set(key, wider);
      for (const one of dependenciesOf(node)) waiting.push({ dependency: one, condition: wider });
    }
  }
  return packages.flatMap((entry) => lineOf(entry, conditions.get(keyOf({ entry, extra: "" })))).sort();
}

/** The versions of a package that a dependency may mean. What cannot be compared is kept: markers then decide. */
export function candidatesFor(
  { name, versions }: LockedDependency,
  named: ReadonlyMap<string, readonly LockedPackage[]>,
): readonly LockedPackage[] {
  const all = named.get(name) ?? [];
  if (versions === null) return all;
  const exact = /^===([^,|]+)$/.exec(versions)?.[1];
  return all.filter(({ version }) =>
    exact === undefined ? meetsVersion(versions, version) !== false : version === exact,
  );
}

function nodesOf(dependency: LockedDependency, named: ReadonlyMap<string, readonly LockedPackage[]>): readonly Node[] {
  const entries = candidatesFor(dependency, named);
  return entries.flatMap((entry) => ["", ...dependency.extras].map((extra) => ({ entry, extra })));
}

function dependenciesOf({ entry, extra }: Node): readonly LockedDependency[] {
  return extra === "" ? entry.dependencies : (entry.extras.get(extra) ?? []);
}

function keyOf({ entry, extra }: Node): string {
  return `${entry.name} ${entry.version} ${extra}`;
}

function lineOf({ requirement, hashes }: LockedPackage, condition: Condition | undefined): readonly string[] {
  if (condition === undefined) return [];
  const marker = textOf(condition);
  const digests = hashes.map((hash) => ` --hash=${hash}`).join("");
  return [`${requirement}${marker === "" ? "" : ` ; ${marker}`}${digests}`];
}
