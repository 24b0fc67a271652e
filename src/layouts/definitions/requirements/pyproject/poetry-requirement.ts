import { lastOf } from "../package-file.ts";
import { bothMarkers, platformMarker, pythonMarker } from "./poetry-marker.ts";
import { translatePoetryVersion } from "./poetry-version.ts";
import { asTable, type TomlTable } from "./toml-file.ts";

/** A dependency of Poetry as pip understands it. */
export interface PoetryRequirement {
  /** One requirement of PEP 508. */
  readonly line: string;
  /** True when only the last of several version ranges could be kept. */
  readonly isNarrowed: boolean;
}

export interface PoetryDependency {
  readonly name: string;
  /** A constraint, or a table with `version`, `extras`, `markers`, `python`, `platform`, `git`, `url`, `path`, `file`. */
  readonly value: unknown;
  /** Makes a `file:` address of a relative path. */
  readonly addressOf: (path: string) => string;
}

/**
 * Translates one dependency; a sentence about what is wrong where that cannot be done.
 * https://python-poetry.org/docs/dependency-specification/
 */
export function translatePoetryDependency(dependency: PoetryDependency): PoetryRequirement | string {
  const { name, value, addressOf } = dependency;
  if (typeof value === "string") return withVersion(name, value, "");
  const table = asTable(value);
  if (table === null) return `The version of ${name} must be text in quotes`;
  const [extras, marker] = [extrasOf(table), markerOf(table)];
  if (extras === null) return `The extras of ${name} must be a list of texts`;
  if (marker === null) return `The markers, python or platform of ${name} cannot be read`;
  const address = addressIn(table, addressOf);
  if (address !== null) {
    // Before the semicolon a space: an address may hold one.
    const condition = marker === "" ? "" : ` ; ${marker}`;
    return { line: `${name}${extras} @ ${address}${condition}`, isNarrowed: false };
  }
  const { version } = table;
  return typeof version === "string" ? withVersion(name + extras, version, marker) : `${name} has no version`;
}

function withVersion(name: string, version: string, marker: string): PoetryRequirement | string {
  const alternatives = translatePoetryVersion(version);
  if (alternatives === null) return `"${version}" is not a version constraint`;
  const specifier = lastOf(alternatives.map((clauses) => clauses.join(",")));
  const condition = marker === "" ? "" : `; ${marker}`;
  return { line: name + specifier + condition, isNarrowed: alternatives.length > 1 };
}

function extrasOf({ extras }: TomlTable): string | null {
  if (extras === undefined) return "";
  if (!Array.isArray(extras) || !extras.every((extra) => typeof extra === "string")) return null;
  return extras.length === 0 ? "" : `[${extras.join(",")}]`;
}

function markerOf({ markers, python, platform }: TomlTable): string | null {
  const parts = [
    markers === undefined ? "" : typeof markers === "string" ? markers.trim() : null,
    python === undefined ? "" : typeof python === "string" ? pythonMarker(python) : null,
    platform === undefined ? "" : typeof platform === "string" ? platformMarker(platform) : null,
  ];
  return parts.every((part) => part !== null) ? bothMarkers(parts) : null;
}

const GIT_OVER_SSH = /^([\w.-]+@[\w.-]+):(?!\/)(.*)$/;

function addressIn(table: TomlTable, addressOf: PoetryDependency["addressOf"]): string | null {
  const { url, git, subdirectory } = table;
  const path = table["path"] ?? table["file"];
  const folder = typeof subdirectory === "string" ? `#subdirectory=${subdirectory}` : "";
  if (typeof url === "string") return url + folder;
  if (typeof path === "string") return addressOf(path) + folder;
  if (typeof git !== "string") return null;
  const revision = [table["rev"], table["tag"], table["branch"]].find((one) => typeof one === "string");
  const address = git.replace(GIT_OVER_SSH, "ssh://$1/$2");
  return `git+${address}${revision === undefined ? "" : `@${revision}`}${folder}`;
}
