import { isMap, isSeq, type YAMLMap } from "yaml";

import { expandLines } from "../expand-requirements.ts";
import { lastOf, warnOfNarrowing, type PackageFile, type PackageSource } from "../package-file.ts";
import { packageName } from "../requirement-text.ts";
import { indexNameOf, isBesidePython } from "./conda-packages.ts";
import { parseCondaSpec } from "./parse-conda-spec.ts";
import { faultAtNode, parseYaml, placeOf, textOf, type YamlFile } from "./yaml-file.ts";

const EXAMPLE = "Write, for example: dependencies: [python=3.11, numpy=1.26, {pip: [six==1.16.0]}].";

/** What an `environment.yml` asks for, while it is read. */
interface Found {
  readonly lines: string[];
  readonly pythons: string[];
  /** Conda packages that are no Python packages. */
  readonly leftOut: { readonly name: string; readonly node: unknown }[];
}

/**
 * The packages of an `environment.yml` as pip finds them on the Python package index: names of conda that differ there
 * are translated, `pip` entries taken as they are, compilers and libraries left out with a warning.
 * Null when it names none, and after a fault was reported.
 * https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html#creating-an-environment-file-manually
 */
export function readCondaEnvironment(source: PackageSource): PackageFile | null {
  const file = parseYaml(source);
  const list = file === null ? null : dependenciesOf(file);
  if (file === null || list === null) return null;
  const found: Found = { lines: [], pythons: [], leftOut: [] };
  for (const item of list) takeItem(file, item, found);
  warnOfLeftOut(file, found.leftOut);
  const lines = [...new Set(found.lines)];
  return {
    train: lines,
    predict: lines,
    requiresPython: found.pythons.length === 0 ? null : found.pythons.join(" || "),
  };
}

function dependenciesOf(file: YamlFile): readonly unknown[] | null {
  const root = file.document.contents;
  if (root === null || textOf(root) === "") return null;
  if (!isMap(root)) {
    faultAtNode(file, root, { message: `${file.path} must hold a map with the key "dependencies".`, remedy: EXAMPLE });
    return null;
  }
  const [list, again] = valuesOf(root, "dependencies");
  if (again !== undefined)
    faultAtNode(file, again, { message: '"dependencies" is given twice.', remedy: "Join the two lists." });
  if (list === undefined || textOf(list) === "") return null;
  if (isSeq(list)) return list.items;
  faultAtNode(file, list, { message: '"dependencies" must be a list.', remedy: EXAMPLE });
  return null;
}

function valuesOf(map: YAMLMap, key: string): readonly unknown[] {
  return map.items.filter((pair) => textOf(pair.key) === key).map(({ value }) => value);
}

function takeItem(file: YamlFile, node: unknown, found: Found): void {
  const text = textOf(node);
  if (text !== null) {
    takeSpec(file, { node, text }, found);
    return;
  }
  const lists = isMap(node) ? valuesOf(node, "pip") : [];
  if (!isMap(node) || lists.length !== node.items.length)
    faultAtNode(file, node, { message: "An entry must be text, or pip: with a list.", remedy: EXAMPLE });
  for (const list of lists) takePipList(file, list, found);
}

function takeSpec(
  file: YamlFile,
  { node, text }: { readonly node: unknown; readonly text: string },
  found: Found,
): void {
  const spec = parseCondaSpec(text);
  if (spec !== null && isBesidePython(spec.name)) {
    found.leftOut.push({ name: spec.name, node });
    return;
  }
  const name = indexNameOf(spec?.name ?? "");
  const alternatives = spec?.alternatives ?? null;
  if (spec === null || alternatives === null || packageName(name) === null) {
    const remedy = "Write it as name=version, or list the packages in a requirements.txt.";
    faultAtNode(file, node, { message: `"${text}" cannot be read as a package of conda.`, remedy });
  } else if (spec.name === "python") found.pythons.push(...alternatives.filter((version) => version !== ""));
  // Every environment is made with a pip of the tool's own.
  else if (spec.name !== "pip") {
    const line = name + lastOf(alternatives);
    if (alternatives.length > 1) warnOfNarrowing(file, placeOf(file, node), line);
    found.lines.push(line);
  }
}

/** The lines stand as in a requirements file, so that they may include one. */
function takePipList(file: YamlFile, list: unknown, found: Found): void {
  const items = isSeq(list) ? list.items : [];
  if (!isSeq(list) && textOf(list) !== "")
    faultAtNode(file, list, { message: '"pip" must be a list.', remedy: EXAMPLE });
  for (const item of items) {
    const text = textOf(item)?.trim();
    if (text === undefined || text === "" || /[\r\n]/.test(text))
      faultAtNode(file, item, { message: "An entry of pip must be one line of text.", remedy: EXAMPLE });
    else found.lines.push(...expandLines(file.reading.snapshot, file.path, text).split("\n"));
  }
}

function warnOfLeftOut(file: YamlFile, leftOut: Found["leftOut"]): void {
  const [first] = leftOut;
  if (first === undefined) return;
  const names = [...new Set(leftOut.map(({ name }) => name))];
  file.reading.warn("REQUIREMENT_LEFT_OUT", file.path + placeOf(file, first.node), {
    message: `Left out, since ${names.length === 1 ? "it is no Python package" : "they are no Python packages"}: ${names.join(", ")}.`,
    remedy: "Use an environment that has what the model needs of it: --python <interpreter> --no-install.",
  });
}
