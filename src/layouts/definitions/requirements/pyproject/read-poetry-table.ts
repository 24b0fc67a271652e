import { jsonPointer } from "../../../../kernel/parse.ts";
import { warnOfNarrowing, type PackageFile, type PackageSource } from "../package-file.ts";
import { canonicalName, fileAddress, oneLine, packageName } from "../requirement-text.ts";
import { translatePoetryDependency } from "./poetry-requirement.ts";
import { translatePoetryVersion } from "./poetry-version.ts";
import { asTable, faultAt, tableAt, type TomlPath, type TomlTable } from "./toml-file.ts";

const POETRY = ["tool", "poetry"] as const;

/** Lines for pip, and whether they are installed only with an extra. */
interface Entry {
  /** Canonical. */
  readonly name: string;
  readonly isOptional: boolean;
  readonly lines: readonly string[];
}

/** What `[tool.poetry]` names; null when it names no packages. */
export function readPoetryTable(source: PackageSource, document: TomlTable): PackageFile | null {
  const poetry = tableAt(document, POETRY);
  const tables = ["train", "predict"].map((group) => tableAt(poetry ?? {}, ["group", group, "dependencies"]));
  if (poetry === null || (poetry["dependencies"] === undefined && tables.every((table) => table === null))) return null;
  const base = entriesOf(source, poetry["dependencies"], [...POETRY, "dependencies"]);
  const linesFor = (group: string): readonly string[] => {
    const extras = extrasNamed(poetry, group);
    const at = [...POETRY, "group", group, "dependencies"];
    const own = entriesOf(source, tableAt(poetry, ["group", group, "dependencies"]) ?? undefined, at);
    const entries = [...base.filter(({ name, isOptional }) => !isOptional || extras.includes(name)), ...own];
    return entries.flatMap(({ lines }) => lines);
  };
  return { train: linesFor("train"), predict: linesFor("predict"), requiresPython: readPython(source, poetry) };
}

/** The packages of `[tool.poetry.extras]` under this name, canonical. */
function extrasNamed(poetry: TomlTable, name: string): readonly string[] {
  const listed: unknown = tableAt(poetry, ["extras"])?.[name];
  return Array.isArray(listed) ? listed.flatMap((one) => (typeof one === "string" ? [canonicalName(one)] : [])) : [];
}

function entriesOf(source: PackageSource, value: unknown, at: TomlPath): readonly Entry[] {
  const table = asTable(value);
  if (table === null && value !== undefined)
    faultAt(source, at, {
      message: `${at.join(".")} must be a table.`,
      remedy: 'Write, for example: numpy = "^1.20".',
    });
  return Object.entries(table ?? {})
    .filter(([name]) => name.toLowerCase() !== "python")
    .map(([name, constraint]) => entryOf(source, { name, constraint, at: [...at, name] }));
}

interface Written {
  readonly name: string;
  /** One constraint or table, or a list of them for different Pythons and platforms. */
  readonly constraint: unknown;
  readonly at: TomlPath;
}

function entryOf(source: PackageSource, { name, constraint, at }: Written): Entry {
  const values: readonly unknown[] = Array.isArray(constraint) ? constraint : [constraint];
  return {
    name: canonicalName(name),
    isOptional: values.some((value) => asTable(value)?.["optional"] === true),
    lines: values.flatMap((value) => lineOf(source, { name, constraint: value, at })),
  };
}

function lineOf(source: PackageSource, { name, constraint, at }: Written): readonly string[] {
  const addressOf = (path: string) => fileAddress(source, path);
  const translated =
    packageName(name) === name
      ? translatePoetryDependency({ name, value: constraint, addressOf })
      : `"${name}" is not the name of a package`;
  if (typeof translated === "string") {
    faultAt(source, at, {
      message: `${translated}.`,
      remedy: 'Write, for example: numpy = "^1.20" or numpy = { version = "1.20.*" }.',
    });
    return [];
  }
  const line = oneLine(source, translated.line);
  if (translated.isNarrowed) warnOfNarrowing(source, `#${jsonPointer(at)}`, line);
  return [line];
}

function readPython(source: PackageSource, poetry: TomlTable): string | null {
  const python = pythonOfPoetry(poetry);
  if (python !== undefined) return python;
  faultAt(source, [...POETRY, "dependencies", "python"], {
    message: "The version of python cannot be read.",
    remedy: 'Write, for example: python = "^3.9".',
  });
  return null;
}

/** Pythons that `[tool.poetry.dependencies]` asks for; null: any, undefined: it cannot be read. */
export function pythonOfPoetry(poetry: TomlTable): string | null | undefined {
  const python: unknown = tableAt(poetry, ["dependencies"])?.["python"];
  if (python === undefined) return null;
  const version = asTable(python)?.["version"] ?? python;
  const alternatives = typeof version === "string" ? translatePoetryVersion(version) : null;
  if (alternatives === null) return undefined;
  if (alternatives.some((clauses) => clauses.length === 0)) return null;
  return alternatives.map((clauses) => clauses.join(",")).join(" || ");
}
