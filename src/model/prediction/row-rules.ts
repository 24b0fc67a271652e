import { Failure } from "../../kernel/failure.ts";
import type { Column, Signature } from "../definition/signature.ts";
import type { ExactJson } from "../ports/predictor.ts";
import { compileColumn, isProblem, type CheckValue, type Problems, type WireValue } from "./column-rule.ts";
import type { RowErrors } from "./predict-reply.ts";

/** A row as it goes to the model: values in the order of the signature's columns. */
export type WireRow = readonly WireValue[];

/** Either the row for the model, or what was wrong with it. */
export type CheckedRow =
  | {
      readonly wire: WireRow;
      readonly errors: null;
      /** Names that the signature does not have and that were ignored; null when there were none. */
      readonly extras: readonly string[] | null;
    }
  | { readonly wire: null; readonly errors: RowErrors; readonly extras: null };

/** A signature compiled to checks. */
export interface RowRules {
  check(row: ExactJson): CheckedRow;
}

interface ColumnRule {
  readonly name: string;
  /** The name and its aliases. */
  readonly names: readonly string[];
  /** True when every object has a member of one of the names without being given it: `constructor`, `toString`. */
  readonly isInherited: boolean;
  readonly whenAbsent: WireValue | Problems;
  readonly whenGivenTwice: Problems;
  readonly check: CheckValue;
}

interface CompiledSignature {
  readonly columns: readonly ColumnRule[];
  /** Every name and alias. */
  readonly known: ReadonlySet<string>;
  readonly refusesExtras: boolean;
}

type ExactRow = Readonly<Record<string, ExactJson | undefined>>;

const NOT_AN_OBJECT: CheckedRow = { wire: null, errors: { "": ["must be an object"] }, extras: null };
const MISSING: Problems = ["is missing"];
const NONE: readonly string[] = [];
const NOT_A_COLUMN: Problems = ["is not a column of this model"];

/**
 * Compiles a signature once, so that checking a row decides nothing twice.
 * @throws Failure `SIGNATURE_INVALID` when two columns share a name or a default breaks its own column's rules.
 */
export function compileRowRules(signature: Signature): RowRules {
  refuseSharedNames(signature.columns);
  const compiled: CompiledSignature = {
    columns: signature.columns.map(compileColumnRule),
    known: new Set(signature.columns.flatMap(namesOf)),
    refusesExtras: signature.onExtra === "error",
  };
  return { check: (row) => checkRow(row, compiled) };
}

function checkRow(row: ExactJson, { columns, known, refusesExtras }: CompiledSignature): CheckedRow {
  if (typeof row !== "object" || row === null || Array.isArray(row)) return NOT_AN_OBJECT;
  const fields = row as ExactRow;
  const wire: WireValue[] = [];
  let errors: Record<string, readonly string[]> | null = null;
  let foundCount = 0;
  for (const column of columns) {
    let value: ExactJson | undefined;
    let givenCount = 0;
    for (const name of column.names) {
      const given = fields[name];
      if (given === undefined || (column.isInherited && !Object.hasOwn(fields, name))) continue;
      value = given;
      givenCount++;
    }
    foundCount += givenCount;
    const checked =
      value === undefined ? column.whenAbsent : givenCount > 1 ? column.whenGivenTwice : column.check(value);
    if (isProblem(checked)) (errors ??= emptyErrors())[column.name] = checked;
    else wire.push(checked);
  }
  // Counting keys is cheaper than looking each up, and rows with extra keys are the exception.
  const keys = Object.keys(fields);
  const extras = keys.length === foundCount ? NONE : keys.filter((key) => !known.has(key));
  if (refusesExtras) for (const extra of extras) (errors ??= emptyErrors())[extra] = NOT_A_COLUMN;
  if (errors !== null) return { wire: null, errors, extras: null };
  return { wire, errors: null, extras: extras.length === 0 ? null : extras };
}

function compileColumnRule(column: Column): ColumnRule {
  const names = namesOf(column);
  const check = compileColumn(column);
  return {
    name: column.name,
    names,
    isInherited: names.some((name) => name in Object.prototype),
    whenAbsent: valueWhenAbsent(column, check),
    whenGivenTwice: [`must be given under one name only (${names.join(", ")})`],
    check,
  };
}

function namesOf(column: Column): readonly string[] {
  return [column.name, ...(column.aliases ?? [])];
}

function valueWhenAbsent(column: Column, check: CheckValue): WireValue | Problems {
  if (column.default === undefined) return column.optional === true ? null : MISSING;
  const value = column.default === null ? null : check(column.default);
  if (!isProblem(value)) return value;
  throw new Failure("SIGNATURE_INVALID", {
    message: `The default of column "${column.name}" ${value.join(" and ")}.`,
  });
}

function refuseSharedNames(columns: readonly Column[]): void {
  const owners = new Map<string, string>();
  for (const column of columns) {
    for (const name of namesOf(column)) {
      const owner = owners.get(name);
      if (owner !== undefined)
        throw new Failure("SIGNATURE_INVALID", {
          message: `The signature has the name "${name}" twice: in column "${owner}" and in column "${column.name}".`,
        });
      owners.set(name, column.name);
    }
  }
}

/** Without a prototype: a client's key "__proto__" must become a field and nothing else. */
function emptyErrors(): Record<string, readonly string[]> {
  return Object.create(null) as Record<string, readonly string[]>;
}
