import type { PackageFile, PackageSource } from "../package-file.ts";
import { readPoetryTable } from "./read-poetry-table.ts";
import { readProjectTable } from "./read-project-table.ts";
import { asTable, parseToml, tableAt, type TomlTable } from "./toml-file.ts";

/**
 * The packages that a `pyproject.toml` names: under `[project]` and `[dependency-groups]`, else as Poetry writes them.
 * Groups and extras called `train` and `predict` belong to training and prediction alone.
 * Null when it names none (many hold settings of tools only), and after a fault was reported.
 */
export function readPyproject(source: PackageSource): PackageFile | null {
  const document = parseToml(source);
  if (document === null) return null;
  const project = readProjectTable(source, document);
  // Where [project] lists dependencies, Poetry's table only says more about them.
  const isListed = tableAt(document, ["project"])?.["dependencies"] !== undefined;
  const poetry = isListed ? null : readPoetryTable(source, document);
  if (!isListed && poetry === null) warnOfDynamic(source, document);
  const files = [poetry, project].filter((file) => file !== null);
  if (files.length === 0) return null;
  warnOfSources(source, document);
  return {
    train: unique(files.flatMap(({ train }) => train)),
    predict: unique(files.flatMap(({ predict }) => predict)),
    requiresPython: project?.requiresPython ?? poetry?.requiresPython ?? null,
  };
}

function unique(lines: readonly string[]): readonly string[] {
  return [...new Set(lines)];
}

function warnOfDynamic({ reading, path }: PackageSource, document: TomlTable): void {
  const dynamic = tableAt(document, ["project"])?.["dynamic"];
  if (!Array.isArray(dynamic) || !dynamic.includes("dependencies")) return;
  reading.warn("REQUIREMENTS_IGNORED", `${path}#/project/dynamic`, {
    message: `${path} leaves its dependencies to the build tool, whose own list is not read.`,
    remedy: "List the packages under [project] dependencies, or in a requirements.txt.",
  });
}

const SOURCES = [
  ["tool", "poetry", "source"],
  ["tool", "uv", "index"],
  ["tool", "uv", "sources"],
  ["tool", "pdm", "source"],
] as const;

function warnOfSources({ reading, path }: PackageSource, document: TomlTable): void {
  for (const [tool, name, key] of SOURCES) {
    const value = tableAt(document, [tool, name])?.[key];
    if (!Array.isArray(value) && asTable(value) === null) continue;
    reading.warn("REQUIREMENT_LEFT_OUT", `${path}#/${tool}/${name}/${key}`, {
      message: `The package sources under ${tool}.${name}.${key} are not used: pip asks its own index.`,
      remedy: "Set PIP_INDEX_URL or PIP_EXTRA_INDEX_URL where packages come from another index.",
    });
  }
}
