import { jsonPointer, type SchemaIssue } from "../../kernel/parse.ts";
import { isOfType, problemOfValue } from "./column-value.ts";
import type { Column, OutputColumn, Signature } from "./signature.ts";

type Path = readonly (string | number)[];

/**
 * Everything in which a signature contradicts itself, beyond what `signatureSchema` can say.
 * @returns issues with JSON pointers into the signature; empty when there are none.
 */
export function checkSignature(signature: Signature): readonly SchemaIssue[] {
  return [
    ...checkNames(signature.columns),
    ...signature.columns.flatMap((column, index) => checkColumn(column, ["columns", index])),
    ...checkOutputs(signature.outputs),
    ...checkExamples(signature),
  ];
}

function issue(path: Path, message: string): SchemaIssue {
  return { pointer: jsonPointer(path), message };
}

function checkNames(columns: readonly Column[]): SchemaIssue[] {
  const issues: SchemaIssue[] = [];
  const names = new Map<string, number>();
  for (const [index, { name }] of columns.entries()) {
    const first = names.get(name);
    if (first === undefined) names.set(name, index);
    else issues.push(issue(["columns", index, "name"], `"${name}" is the name of column ${first} already`));
  }
  const aliases = new Map<string, string>();
  for (const [index, column] of columns.entries()) {
    for (const [position, alias] of (column.aliases ?? []).entries()) {
      const owner = names.has(alias) ? alias : aliases.get(alias);
      aliases.set(alias, column.name);
      if (owner === undefined) continue;
      issues.push(issue(["columns", index, "aliases", position], `"${alias}" already stands for column "${owner}"`));
    }
  }
  return issues;
}

function checkColumn(column: Column, path: Path): SchemaIssue[] {
  return [...checkRange(column, path), ...checkCategories(column, path), ...checkDefault(column, path)];
}

function checkRange(column: Column, path: Path): SchemaIssue[] {
  const { min, max, type } = column;
  const isNumeric = type === "integer" || type === "float";
  const issues: SchemaIssue[] = [];
  if (!isNumeric && min !== undefined) issues.push(issue([...path, "min"], `a column of type ${type} has no min`));
  if (!isNumeric && max !== undefined) issues.push(issue([...path, "max"], `a column of type ${type} has no max`));
  if (min !== undefined && max !== undefined && min > max)
    issues.push(issue([...path, "min"], `min (${min}) is greater than max (${max})`));
  return issues;
}

function checkCategories(column: Column, path: Path): SchemaIssue[] {
  const { categories, onUnknown } = column;
  if (categories === undefined)
    return onUnknown === undefined ? [] : [issue([...path, "onUnknown"], "onUnknown means nothing without categories")];
  const issues = repeated(categories).map((at) =>
    issue([...path, "categories", at], `${JSON.stringify(categories[at])} stands here twice`),
  );
  for (const [at, category] of categories.entries()) {
    if (!isOfType(column, category))
      issues.push(issue([...path, "categories", at], `${JSON.stringify(category)} is not of type ${column.type}`));
  }
  if (onUnknown === "null" && column.nullable !== true)
    issues.push(issue([...path, "onUnknown"], 'onUnknown "null" needs "nullable": true'));
  return issues;
}

function checkDefault(column: Column, path: Path): SchemaIssue[] {
  if (column.default === undefined) return [];
  const problem = problemOfValue(column, column.default);
  return problem === null ? [] : [issue([...path, "default"], `the default ${problem}`)];
}

function checkOutputs(outputs: readonly OutputColumn[]): SchemaIssue[] {
  const issues = repeated(outputs.map((output) => output.name)).map((at) =>
    issue(["outputs", at, "name"], `"${outputs[at]?.name ?? ""}" is the name of another output already`),
  );
  const labels = outputs.filter((output) => output.kind === "label");
  for (const [index, output] of outputs.entries()) {
    for (const at of repeated(output.classes ?? []))
      issues.push(
        issue(["outputs", index, "classes", at], `${JSON.stringify(output.classes?.[at])} stands here twice`),
      );
    const problem = problemOfClasses(output, labels);
    if (problem !== null) issues.push(issue(["outputs", index, "classes"], problem));
  }
  return issues;
}

function problemOfClasses(output: OutputColumn, labels: readonly OutputColumn[]): string | null {
  if (output.kind === "value") return output.classes === undefined ? null : "an output of kind value has no classes";
  if (output.kind === "label") return null;
  // With several labels it is not said which one the probability belongs to.
  const labelClasses = labels.length === 1 ? labels[0]?.classes : undefined;
  if (labelClasses === undefined) return null;
  if (output.classes === undefined)
    return labelClasses.length > 2 ? "a probability needs classes where the label has three or more" : null;
  const stray = output.classes.find((name) => !labelClasses.includes(name));
  return stray === undefined ? null : `${JSON.stringify(stray)} is not among the classes of the label`;
}

function checkExamples(signature: Signature): SchemaIssue[] {
  const known = new Set(signature.columns.flatMap((column) => [column.name, ...(column.aliases ?? [])]));
  return (signature.examples ?? []).flatMap((example, index) => {
    const path = ["examples", index] as const;
    const extra = signature.onExtra === "error" ? Object.keys(example).filter((key) => !known.has(key)) : [];
    return [
      ...extra.map((key) => issue([...path, key], "the signature has no such column")),
      ...signature.columns.flatMap((column) => checkExampleValue(column, example, path)),
    ];
  });
}

function checkExampleValue(column: Column, example: Readonly<Record<string, unknown>>, path: Path): SchemaIssue[] {
  const key = [column.name, ...(column.aliases ?? [])].find((name) => Object.hasOwn(example, name));
  if (key === undefined) {
    const mayBeAbsent = column.optional === true || column.default !== undefined;
    return mayBeAbsent ? [] : [issue(path, `the column "${column.name}" is missing`)];
  }
  const value = example[key];
  if (value !== null && typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return [];
  const problem = problemOfValue(column, value);
  return problem === null ? [] : [issue([...path, key], `the value ${problem}`)];
}

/** Positions of values that stand further up too. */
function repeated(values: readonly unknown[]): number[] {
  const seen = new Set<unknown>();
  return [...values.keys()].filter((at) => seen.size === seen.add(values[at]).size);
}
