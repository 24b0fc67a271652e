import type { PackageSource } from "../package-file.ts";
import { asTable, faultAt, tableAt, type TomlTable } from "../pyproject/toml-file.ts";
import { canonicalName, fileAddress } from "../requirement-text.ts";
import { checkedPackage, REMEDY, type LockedDependency, type LockedPackage } from "./locked-packages.ts";
import type { LockedProject } from "./read-lock-file.ts";
import { listOf, textOf } from "./toml-values.ts";

const VERSION = 1;

/**
 * Reads a `uv.lock`: https://docs.astral.sh/uv/concepts/resolution/#lockfile-versioning. A lock of another version
 * cannot be read; revisions of one version can.
 */
export function readUvLock(source: PackageSource, document: TomlTable): LockedProject | null {
  if (document["version"] !== VERSION) {
    const version = JSON.stringify(document["version"] ?? null);
    faultAt(source, ["version"], {
      message: `This uv.lock has version ${version}; version ${VERSION} can be read.`,
      remedy: REMEDY,
    });
    return null;
  }
  const tables = listOf(document["package"]).map((value) => asTable(value) ?? {});
  const own = tables.find((table) => isProject(table));
  const packages = tables.flatMap((table, index) =>
    table === own ? [] : (checkedPackage(source, ["package", index], packageOf(source, table)) ?? []),
  );
  if (own === undefined) {
    faultAt(source, ["package"], { message: "This uv.lock has no package for the project itself.", remedy: REMEDY });
    return null;
  }
  if (source.reading.faults.length > 0) return null;
  const named = (key: string, purpose: string): readonly LockedDependency[] =>
    dependenciesOf(tableAt(own, [key])?.[purpose]);
  return {
    packages,
    roots: (purpose) => [
      ...dependenciesOf(own["dependencies"]),
      ...named("optional-dependencies", purpose),
      ...named("dev-dependencies", purpose),
    ],
    requiresPython: textOf(document["requires-python"]),
  };
}

/** The package that the lock file was made for lies in its own folder. */
function isProject(table: TomlTable): boolean {
  const place = asTable(table["source"]) ?? {};
  return ["virtual", "editable", "directory"].some((kind) => place[kind] === ".");
}

function packageOf(source: PackageSource, table: TomlTable): LockedPackage {
  const name = textOf(table["name"]) ?? "";
  const version = textOf(table["version"]) ?? "";
  const files = [table["sdist"], ...listOf(table["wheels"])].map((value) => asTable(value) ?? {});
  return {
    ...{ name: canonicalName(name), version, marker: "" },
    requirement: requirementOf(source, table, { name: canonicalName(name), version }),
    hashes: files.flatMap((file) => textOf(file["hash"]) ?? []),
    dependencies: dependenciesOf(table["dependencies"]),
    extras: new Map(
      Object.entries(tableAt(table, ["optional-dependencies"]) ?? {}).map(([extra, value]) => [
        canonicalName(extra),
        dependenciesOf(value),
      ]),
    ),
  };
}

function requirementOf(
  source: PackageSource,
  table: TomlTable,
  { name, version }: { readonly name: string; readonly version: string },
): string {
  const place = asTable(table["source"]) ?? {};
  const git = textOf(place["git"]);
  const url = textOf(place["url"]);
  const [path] = ["path", "directory", "editable", "virtual"].flatMap((kind) => textOf(place[kind]) ?? []);
  if (git !== null) return `${name} @ git+${git.split("?")[0] ?? ""}`;
  if (url !== null) return `${name} @ ${url}`;
  return path === undefined ? `${name}==${version}` : `${name} @ ${fileAddress(source, path)}`;
}

function dependenciesOf(value: unknown): readonly LockedDependency[] {
  return listOf(value).map((item) => {
    const table = asTable(item) ?? {};
    const version = textOf(table["version"]);
    return {
      name: canonicalName(textOf(table["name"]) ?? ""),
      versions: version === null ? null : `===${version}`,
      extras: listOf(table["extra"]).flatMap((extra) => (typeof extra === "string" ? [canonicalName(extra)] : [])),
      marker: textOf(table["marker"]) ?? "",
    };
  });
}
