import type { PackageSource } from "../package-file.ts";
import { pythonMarker } from "../pyproject/poetry-marker.ts";
import { translatePoetryVersion } from "../pyproject/poetry-version.ts";
import { asTable, faultAt, tableAt, type TomlTable } from "../pyproject/toml-file.ts";
import { canonicalName, fileAddress } from "../requirement-text.ts";
import { byName, checkedPackage, REMEDY, type LockedDependency, type LockedPackage } from "./locked-packages.ts";
import { parseDependency } from "./parse-dependency.ts";
import type { LockedProject } from "./read-lock-file.ts";
import { listOf, textOf } from "./toml-values.ts";

const READ_VERSIONS = /^[12]\.\d+$/;
const EXTRA_CLAUSE = /\s*(?:\band\b\s*)?\bextra\s*==\s*(?:"[^"]*"|'[^']*')(?:\s*\band\b\s*)?/g;

/** Reads a `poetry.lock` of the versions 1.0 to 2.x, which differ in where they keep hashes and markers. */
export function readPoetryLock(source: PackageSource, document: TomlTable): LockedProject | null {
  const metadata = tableAt(document, ["metadata"]) ?? {};
  const version = textOf(metadata["lock-version"]);
  if (version === null || !READ_VERSIONS.test(version)) {
    const shown = version === null ? "no lock-version" : `lock-version ${JSON.stringify(version)}`;
    faultAt(source, ["metadata"], {
      message: `This poetry.lock has ${shown}; versions 1 and 2 can be read.`,
      remedy: REMEDY,
    });
    return null;
  }
  const tables = listOf(document["package"]).map((value) => asTable(value) ?? {});
  const named = byName(tables.map((table) => packageOf(source, table, metadata)));
  const packages = tables.flatMap((table, index) => {
    const entry = packageOf(source, table, metadata);
    const isOnly = named.get(entry.name)?.length === 1;
    return checkedPackage(source, ["package", index], isOnly ? entry : { ...entry, marker: markerOf(table) }) ?? [];
  });
  if (source.reading.faults.length > 0) return null;
  return { packages, roots: null, requiresPython: pythonsOf(textOf(metadata["python-versions"])) };
}

function packageOf(source: PackageSource, table: TomlTable, metadata: TomlTable): LockedPackage {
  const written = textOf(table["name"]) ?? "";
  const name = canonicalName(written);
  const version = textOf(table["version"]) ?? "";
  const files = table["files"] ?? tableAt(metadata, ["files"])?.[written];
  const dependencies = Object.entries(tableAt(table, ["dependencies"]) ?? {}).flatMap(([dependency, value]) =>
    dependenciesOf(dependency, value),
  );
  return {
    ...{ name, version, marker: "" },
    requirement: requirementOf(source, table, { name, version }),
    hashes: listOf(files).flatMap((file) => textOf(asTable(file)?.["hash"]) ?? []),
    dependencies: dependencies.flatMap(({ dependency, isOptional }) => (isOptional ? [] : [dependency])),
    extras: extrasOf(
      table,
      dependencies.map(({ dependency }) => dependency),
    ),
  };
}

/** Says where one of several versions of a package is to be used. */
function markerOf(table: TomlTable): string {
  const markers = table["markers"];
  const text = textOf(markers) ?? textOf(asTable(markers)?.["main"]);
  if (text !== null) return /\bextra\b/.test(text) ? "" : text;
  return pythonMarker(textOf(table["python-versions"]) ?? "*") ?? "";
}

/** A dependency, or several of them where its version differs between platforms. */
function dependenciesOf(
  name: string,
  value: unknown,
): readonly { readonly dependency: LockedDependency; readonly isOptional: boolean }[] {
  return (Array.isArray(value) ? (value as readonly unknown[]) : [value]).map((one) => {
    const table = asTable(one);
    return {
      isOptional: table?.["optional"] === true,
      dependency: {
        name: canonicalName(name),
        versions: pythonsOf(textOf(one) ?? textOf(table?.["version"])),
        extras: listOf(table?.["extras"]).flatMap((extra) => (typeof extra === "string" ? [canonicalName(extra)] : [])),
        marker: withoutExtra(textOf(table?.["markers"]) ?? ""),
      },
    };
  });
}

/** Which extra it belongs to is told elsewhere, and pip knows no extra here. */
function withoutExtra(marker: string): string {
  const rest = marker.replace(EXTRA_CLAUSE, " and ").replace(/^\s*and\s+|\s+and\s*$/g, "");
  return /\bextra\b/.test(rest) ? "" : rest.trim();
}

function extrasOf(
  table: TomlTable,
  dependencies: readonly LockedDependency[],
): ReadonlyMap<string, readonly LockedDependency[]> {
  const entries = Object.entries(tableAt(table, ["extras"]) ?? {}).map(([extra, value]) => {
    const names = listOf(value).flatMap((line) =>
      typeof line === "string" ? (parseDependency(line)?.name ?? []) : [],
    );
    return [canonicalName(extra), dependencies.filter(({ name }) => names.includes(name))] as const;
  });
  return new Map(entries);
}

function requirementOf(
  source: PackageSource,
  table: TomlTable,
  { name, version }: { readonly name: string; readonly version: string },
): string {
  const place = tableAt(table, ["source"]) ?? {};
  const url = textOf(place["url"]) ?? "";
  switch (place["type"]) {
    case "git":
      return `${name} @ git+${url}@${textOf(place["resolved_reference"]) ?? ""}`;
    case "url":
      return `${name} @ ${url}`;
    case "file":
    case "directory":
      return `${name} @ ${fileAddress(source, url)}`;
    default:
      return `${name}==${version}`;
  }
}

/** Poetry's constraint as clauses of PEP 440; null: any, or one that cannot be read. */
function pythonsOf(constraint: string | null): string | null {
  const alternatives = constraint === null ? null : translatePoetryVersion(constraint);
  if (alternatives === null || alternatives.some((clauses) => clauses.length === 0)) return null;
  return alternatives.map((clauses) => clauses.join(",")).join(" || ");
}
