import type { Column, ColumnType, OutputColumn, Signature } from "./signature.ts";
import type { ColumnSummary, TableSummary } from "./table-summary.ts";

const MAX_CATEGORIES = 20;
// Fewer rows a category and the categories seen are too likely not to be all there are.
const MIN_ROWS_PER_CATEGORY = 5;
const MIN_ROWS_FOR_IDENTIFIER = 20;
const IDENTIFIER_NAME = /(^|[_\s.-])(id|ids|uuid|guid|key|number|no|nr)$|[a-z](Id|ID|Key)$/;

/**
 * A first signature for a person to review, from what the whole training set holds.
 * Ranges and identifiers are told in the descriptions and never enforced: what was seen is not what is allowed.
 * @param roles - `target`: the column that is predicted; null when it is not known, then there are no outputs.
 *   `features`: the columns that the model is given, in its order; null when they are not known, then all others.
 */
export function proposeSignature(
  summary: TableSummary,
  { target, features }: { readonly target: string | null; readonly features: readonly string[] | null },
): Signature {
  const answer = summary.columns.find((column) => column.name === target);
  const inputs = inputsAmong(summary.columns, features).filter((column) => column !== answer);
  const names = new Set(inputs.map(({ name }) => name));
  const examples = summary.examples.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => names.has(name))),
  );
  return {
    columns: inputs.map((column) => proposeColumn(column, summary.rowCount)),
    outputs: answer === undefined ? [] : [proposeOutput(answer)],
    examples,
  };
}

/** All columns, unless every feature is among them. */
function inputsAmong(columns: readonly ColumnSummary[], features: readonly string[] | null): readonly ColumnSummary[] {
  const named = (features ?? []).flatMap((feature) => columns.find(({ name }) => name === feature) ?? []);
  return features === null || named.length < features.length ? columns : named;
}

function proposeColumn(column: ColumnSummary, rowCount: number): Column {
  const type = typeOf(column);
  const categories = type === "string" ? categoriesOf(column) : null;
  const facts = describeFacts(column, rowCount);
  return {
    name: column.name,
    type,
    ...(column.presentCount < rowCount ? { optional: true } : {}),
    ...(column.nullCount > 0 ? { nullable: true } : {}),
    ...(categories === null ? {} : { categories }),
    ...(facts === "" ? {} : { description: facts }),
  };
}

function typeOf({ kinds }: ColumnSummary): ColumnType {
  if (kinds.has("string") || kinds.has("other")) return "string";
  if (kinds.has("boolean")) return kinds.size === 1 ? "boolean" : "string";
  // A column that was never filled says nothing; pandas, too, reads it as floats.
  return kinds.size === 1 && kinds.has("integer") ? "integer" : "float";
}

/** The texts of a column in order, where they are few and each was seen often enough to believe that they are all. */
function categoriesOf(column: ColumnSummary): string[] | null {
  const { distinct, kinds, isDates } = column;
  if (distinct === null || kinds.size !== 1 || isDates || !isFew(column)) return null;
  return [...distinct].filter((value) => typeof value === "string").sort();
}

function isFew({ distinct, presentCount, nullCount }: ColumnSummary): boolean {
  return (
    distinct !== null &&
    distinct.size > 0 &&
    distinct.size <= MAX_CATEGORIES &&
    distinct.size * MIN_ROWS_PER_CATEGORY <= presentCount - nullCount
  );
}

function describeFacts(column: ColumnSummary, rowCount: number): string {
  const { range, nullCount, presentCount, kinds } = column;
  const facts: string[] = [];
  if (kinds.size === 0) facts.push("No value was seen.");
  else if (range !== null && !kinds.has("string")) facts.push(`Seen: ${range.min} to ${range.max}.`);
  if (kinds.has("other")) facts.push("Holds lists or objects, which a column cannot describe.");
  else if (typeOf(column) === "string" && kinds.size > 1) facts.push("Holds text and other values together.");
  if (column.isDates) facts.push("Looks like a date.");
  if (isIdentifier(column)) facts.push("Looks like an identifier: should the model see it?");
  if (nullCount > 0) facts.push(`Null in ${nullCount} of ${rowCount} rows.`);
  if (presentCount < rowCount) facts.push(`Absent in ${rowCount - presentCount} of ${rowCount} rows.`);
  return facts.join(" ");
}

function isIdentifier({ name, kinds, isUnique, isDates, presentCount, nullCount }: ColumnSummary): boolean {
  if (!isUnique || isDates || kinds.has("float") || presentCount - nullCount < MIN_ROWS_FOR_IDENTIFIER) return false;
  return kinds.has("string") || IDENTIFIER_NAME.test(name);
}

function proposeOutput(answer: ColumnSummary): OutputColumn {
  const { name, kinds, distinct } = answer;
  const isText = kinds.has("string") || kinds.has("boolean");
  const isNumberOfClass = typeOf(answer) === "integer" && isFew(answer);
  if (!isText && !isNumberOfClass) return { name, kind: "value" };
  const classes = [...(distinct ?? [])].filter(
    (value) => typeof value === "string" || typeof value === "number" || typeof value === "boolean",
  );
  const isNumeric = classes.every((value) => typeof value === "number");
  classes.sort(isNumeric ? (a, b) => Number(a) - Number(b) : undefined);
  return { name, kind: "label", ...(classes.length > 0 ? { classes } : {}) };
}
