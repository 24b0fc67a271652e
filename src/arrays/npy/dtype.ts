import type { PythonLiteral } from "./python-literal.ts";

export type ScalarKind =
  | "bool"
  | "integer"
  | "unsigned"
  | "float"
  | "complex"
  | "bytes"
  | "text"
  | "datetime"
  | "timedelta"
  | "raw"
  | "object";

/** One number, text or other single value. */
export interface ScalarType {
  readonly kind: ScalarKind;
  /** Bytes of one item. */
  readonly sizeBytes: number;
  readonly isLittleEndian: boolean;
  /** Of times: `25s` is `{ name: "s", count: 25 }`; null elsewhere and for times without a unit. */
  readonly unit: { readonly name: string; readonly count: number } | null;
}

export interface RecordField {
  readonly name: string;
  readonly type: DType;
  /** Dimensions of a field that holds an array of its own; empty for a single value. */
  readonly shape: readonly number[];
  /** Bytes from the beginning of the record. */
  readonly offset: number;
}

/** Named fields one after the other: a row of a structured array. */
export interface RecordType {
  readonly kind: "record";
  readonly sizeBytes: number;
  readonly fields: readonly RecordField[];
}

export type DType = ScalarType | RecordType;

const KINDS: Readonly<Record<string, { readonly kind: ScalarKind; readonly sizes: readonly number[] | null }>> = {
  b: { kind: "bool", sizes: [1] },
  "?": { kind: "bool", sizes: [1] },
  i: { kind: "integer", sizes: [1, 2, 4, 8] },
  u: { kind: "unsigned", sizes: [1, 2, 4, 8] },
  f: { kind: "float", sizes: [2, 4, 8, 12, 16] },
  c: { kind: "complex", sizes: [8, 16, 24, 32] },
  S: { kind: "bytes", sizes: null },
  a: { kind: "bytes", sizes: null },
  U: { kind: "text", sizes: null },
  V: { kind: "raw", sizes: null },
  m: { kind: "timedelta", sizes: [8] },
  M: { kind: "datetime", sizes: [8] },
  O: { kind: "object", sizes: null },
};
const SCALAR = /^([<>|=]?)([a-zA-Z?])(\d{0,9})(?:\[(\d{0,9})(Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as|generic)\])?$/;
const BYTES_PER_CHARACTER = 4;
const MOST_FIELDS = 10_000;
const MOST_DIMENSIONS = 64;

/**
 * The dtype that a header's `descr` tells: a text such as `<f8`, or a list of fields.
 * https://numpy.org/doc/stable/reference/arrays.interface.html
 * @throws Error saying what is wrong.
 */
export function parseDType(descr: PythonLiteral): DType {
  if (typeof descr === "string") return parseScalar(descr);
  if (typeof descr === "object" && descr !== null && "list" in descr) return parseRecord(descr.list);
  throw new Error("its dtype is neither a text nor a list of fields.");
}

function parseScalar(code: string): ScalarType {
  const match = SCALAR.exec(code);
  const letter = match?.[2] ?? "";
  const known = Object.hasOwn(KINDS, letter) ? KINDS[letter] : undefined;
  if (match === null || known === undefined) throw new Error(`the dtype "${code}" is not known.`);
  const digits = match[3] ?? "";
  const size = letter === "O" ? 8 : letter === "?" ? 1 : Number(digits);
  if (digits === "" && letter !== "O" && letter !== "?") throw new Error(`the dtype "${code}" has no size.`);
  if (known.sizes?.includes(size) === false) {
    throw new Error(`the dtype "${code}" has a size that its kind does not come in.`);
  }
  const unit = match[5];
  if (unit !== undefined && letter !== "m" && letter !== "M") throw new Error(`the dtype "${code}" is not known.`);
  return {
    kind: known.kind,
    sizeBytes: letter === "U" ? size * BYTES_PER_CHARACTER : size,
    isLittleEndian: match[1] !== ">",
    unit: unit === undefined || unit === "generic" ? null : { name: unit, count: Number(match[4] || "1") },
  };
}

function parseRecord(list: readonly PythonLiteral[]): RecordType {
  if (list.length > MOST_FIELDS) throw new Error(`its dtype has more than ${MOST_FIELDS} fields.`);
  const fields: RecordField[] = [];
  const names = new Set<string>();
  let offset = 0;
  for (const item of list) {
    const field = parseField(item, offset);
    offset += field.type.sizeBytes * field.shape.reduce((product, size) => product * size, 1);
    if (!Number.isSafeInteger(offset)) throw new Error("its dtype is larger than any file.");
    // Fields without a name are padding.
    if (field.name === "") continue;
    if (names.has(field.name)) throw new Error(`its dtype has the field "${field.name}" twice.`);
    names.add(field.name);
    fields.push(field);
  }
  return { kind: "record", sizeBytes: offset, fields };
}

function parseField(item: PythonLiteral, offset: number): RecordField {
  const parts = typeof item === "object" && item !== null && "tuple" in item ? item.tuple : [];
  const [title, descr, shape = { tuple: [] }] = parts;
  const name = nameOf(title);
  if (name === null || descr === undefined || parts.length > 3) throw new Error("a field of its dtype is malformed.");
  return { name, type: parseDType(descr), shape: parseShape(shape), offset };
}

/** A field may have a title before its name. */
function nameOf(title: PythonLiteral | undefined): string | null {
  if (typeof title === "string") return title;
  const named = typeof title === "object" && title !== null && "tuple" in title ? title.tuple[1] : null;
  return typeof named === "string" ? named : null;
}

/** @throws Error for anything but a tuple of a few sizes. */
export function parseShape(shape: PythonLiteral): readonly number[] {
  const sizes = typeof shape === "number" ? [shape] : isTuple(shape) ? shape.tuple : null;
  const numbers = sizes?.filter((size) => typeof size === "number" && size >= 0) as readonly number[] | undefined;
  if (sizes === null || numbers?.length !== sizes.length) throw new Error("its shape is no tuple of sizes.");
  if (numbers.length > MOST_DIMENSIONS) throw new Error(`its shape has more than ${MOST_DIMENSIONS} dimensions.`);
  return numbers;
}

function isTuple(value: PythonLiteral): value is { readonly tuple: readonly PythonLiteral[] } {
  return typeof value === "object" && value !== null && "tuple" in value;
}

/** True for a dtype with Python objects in it: such arrays hold a pickle. */
export function holdsObjects(type: DType): boolean {
  return type.kind === "record" ? type.fields.some((field) => holdsObjects(field.type)) : type.kind === "object";
}

const NAMES: Readonly<Record<ScalarKind, string>> = {
  bool: "bool",
  integer: "int",
  unsigned: "uint",
  float: "float",
  complex: "complex",
  bytes: "bytes",
  text: "text",
  datetime: "datetime64",
  timedelta: "timedelta64",
  raw: "void",
  object: "object",
};

/** As NumPy names it: `float64`, `datetime64[ns]`; fields as `{age: int64, plan: text5}`. */
export function describeDType(type: DType): string {
  if (type.kind === "record") {
    const fields = type.fields.map(({ name, type: of, shape }) => `${name}: ${describeDType(of)}${suffix(shape)}`);
    return `{${fields.join(", ")}}`;
  }
  const { kind, sizeBytes, unit } = type;
  const order = type.isLittleEndian || sizeBytes === 1 || kind === "bytes" || kind === "raw" ? "" : " (big-endian)";
  const name = NAMES[kind];
  if (kind === "bool" || kind === "object") return name;
  if (kind === "datetime" || kind === "timedelta")
    return `${name}${unit === null ? "" : `[${unit.count === 1 ? "" : String(unit.count)}${unit.name}]`}${order}`;
  if (kind === "text") return `${name}${sizeBytes / BYTES_PER_CHARACTER}${order}`;
  if (kind === "bytes" || kind === "raw") return `${name}${sizeBytes}`;
  return `${name}${sizeBytes * 8}${order}`;
}

function suffix(shape: readonly number[]): string {
  return shape.length === 0 ? "" : `[${shape.join("×")}]`;
}
