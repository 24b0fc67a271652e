import type { PackageFile, PackageSource } from "../package-file.ts";
import { canonicalName, oneLine, packageName } from "../requirement-text.ts";
import { asTable, faultAt, tableAt, type TomlPath, type TomlTable } from "./toml-file.ts";

const OWN_EXTRAS = /^([A-Za-z0-9._-]+)\s*\[([^\]]*)\]$/;

/** A list of requirements that others can include. */
interface Group {
  readonly at: TomlPath;
  readonly items: unknown;
}

interface Project extends PackageSource {
  /** Canonical; null where the project has none. */
  readonly name: string | null;
  /** By canonical name: `[project.optional-dependencies]`. */
  readonly extras: ReadonlyMap<string, Group>;
  /** By canonical name: `[dependency-groups]`. */
  readonly groups: ReadonlyMap<string, Group>;
}

/**
 * What `[project]` (https://packaging.python.org/en/latest/specifications/pyproject-toml/) and `[dependency-groups]`
 * (https://packaging.python.org/en/latest/specifications/dependency-groups/) name. Null when they name no packages.
 */
export function readProjectTable(source: PackageSource, document: TomlTable): PackageFile | null {
  const table = tableAt(document, ["project"]) ?? {};
  const project: Project = {
    ...source,
    name: typeof table["name"] === "string" ? canonicalName(table["name"]) : null,
    extras: groupsOf(source, table["optional-dependencies"], ["project", "optional-dependencies"]),
    groups: groupsOf(source, document["dependency-groups"], ["dependency-groups"]),
  };
  const base = table["dependencies"];
  const own = ["train", "predict"].flatMap((name) => [project.extras.get(name), project.groups.get(name)]);
  if (base === undefined && own.every((group) => group === undefined)) return null;
  const lines = base === undefined ? [] : linesOf(project, { at: ["project", "dependencies"], items: base }, new Set());
  const withOwn = (name: string): readonly string[] => {
    const seen = new Set<Group>();
    const more = [project.extras.get(name), project.groups.get(name)];
    return [...lines, ...more.flatMap((group) => (group === undefined ? [] : linesOf(project, group, seen)))];
  };
  return { train: withOwn("train"), predict: withOwn("predict"), requiresPython: readRequiresPython(source, table) };
}

function groupsOf(source: PackageSource, value: unknown, at: TomlPath): ReadonlyMap<string, Group> {
  const table = asTable(value);
  if (table === null && value !== undefined)
    faultAt(source, at, {
      message: `${at.join(".")} must be a table of lists.`,
      remedy: 'Write, for example: train = ["numpy>=1.20"].',
    });
  const entries = Object.entries(table ?? {});
  return new Map(entries.map(([name, items]) => [canonicalName(name), { at: [...at, name], items }]));
}

/** @param seen - groups that were taken already: they may include each other. */
function linesOf(project: Project, group: Group, seen: Set<Group>): readonly string[] {
  if (seen.has(group)) return [];
  seen.add(group);
  if (Array.isArray(group.items))
    return group.items.flatMap((item: unknown, index) =>
      linesOfItem(project, { item, at: [...group.at, index] }, seen),
    );
  faultAt(project, group.at, {
    message: `${group.at.join(".")} must be a list of requirements.`,
    remedy: 'Write, for example: ["numpy>=1.20", "six==1.16.0"].',
  });
  return [];
}

function linesOfItem(
  project: Project,
  { item, at }: { readonly item: unknown; readonly at: TomlPath },
  seen: Set<Group>,
): readonly string[] {
  const included = asTable(item)?.["include-group"];
  if (typeof included === "string") return linesOfNamed(project, { from: project.groups, name: included, at }, seen);
  const name = typeof item === "string" ? packageName(item.trim()) : null;
  if (typeof item === "string" && name !== null) return linesOfRequirement(project, { item, at }, seen);
  const shown = typeof item === "string" ? `"${item}"` : "This";
  faultAt(project, at, {
    message: `${shown} is not a requirement.`,
    remedy: 'Write, for example: "numpy>=1.20" (PEP 508).',
  });
  return [];
}

/** `train = ["this-project[plots]"]` means the project's own extras, not a package of that name on the index. */
function linesOfRequirement(
  project: Project,
  { item, at }: { readonly item: string; readonly at: TomlPath },
  seen: Set<Group>,
): readonly string[] {
  const [, name = "", extras = ""] = OWN_EXTRAS.exec(item.trim()) ?? [];
  if (project.name === null || canonicalName(name) !== project.name) return [oneLine(project, item)];
  const names = extras.split(",").map((extra) => extra.trim());
  return names.flatMap((extra) => linesOfNamed(project, { from: project.extras, name: extra, at }, seen));
}

function linesOfNamed(
  project: Project,
  { from, name, at }: { readonly from: ReadonlyMap<string, Group>; readonly name: string; readonly at: TomlPath },
  seen: Set<Group>,
): readonly string[] {
  const group = from.get(canonicalName(name));
  if (group !== undefined) return linesOf(project, group, seen);
  faultAt(project, at, {
    message: `There is no group "${name}" in this file.`,
    remedy: "Correct the name or take the entry out.",
  });
  return [];
}

function readRequiresPython(source: PackageSource, table: TomlTable): string | null {
  const value = table["requires-python"];
  if (value === undefined || typeof value === "string") return value?.trim() ?? null;
  faultAt(source, ["project", "requires-python"], {
    message: '"requires-python" must be text.',
    remedy: 'Write, for example: ">=3.9".',
  });
  return null;
}
