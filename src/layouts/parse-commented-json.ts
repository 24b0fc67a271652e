import { parseTree, printParseErrorCode, type Node, type ParseError } from "jsonc-parser";

import type { JsonValue } from "../kernel/json.ts";
import { jsonPointer } from "../kernel/parse.ts";
import { parsePlainJson } from "./parse-plain-json.ts";

/** A place where text is not JSON. Lines and columns count from 1. */
export interface SyntaxProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Something that JSON allows and that rarely means what its author thinks. */
export interface JsonOddity {
  readonly pointer: string;
  readonly message: string;
}

export interface CommentedJson {
  /** What could be made of the text, also where `problems` is not empty. Undefined when that is nothing. */
  readonly value: JsonValue | undefined;
  readonly problems: readonly SyntaxProblem[];
  readonly oddities: readonly JsonOddity[];
}

const MAX_DEPTH = 200;
// One slip of the pen is often followed by errors that it caused.
const MAX_PROBLEMS = 3;

// The byte order mark of UTF-16, decoded as if it were UTF-8; or, without it, every second byte a zero.
const FOREIGN_ENCODING = /^(?:\uFFFD\uFFFD|.?\0)/;

// A closing bracket of the other kind closes nothing, here as in the parser.
const OPENS: Readonly<Record<string, string>> = { "}": "{", "]": "[" };

const SENTENCES: Readonly<Record<string, string>> = {
  InvalidSymbol: "a word or sign stands here that JSON does not know; text needs double quotes",
  InvalidNumberFormat: "this is not a number",
  PropertyNameExpected: 'a field name in double quotes, or "}", is missing here',
  ValueExpected: "a value is missing here",
  ColonExpected: "a colon is missing here",
  CommaExpected: "a comma is missing here",
  CloseBraceExpected: 'a "}" is missing here',
  CloseBracketExpected: 'a "]" is missing here',
  EndOfFileExpected: "the document ends before this",
  UnexpectedEndOfComment: "this comment does not end",
  UnexpectedEndOfString: "this text has no closing quote",
  UnexpectedEndOfNumber: "this number is cut off",
  InvalidUnicode: "this \\u escape is not four hexadecimal digits",
  InvalidEscapeCharacter: "this backslash escape is not known to JSON",
  InvalidCharacter: "a control character stands here",
};

/** Parses JSON with comments and trailing commas (https://code.visualstudio.com/docs/languages/json). Last of two equal fields wins. */
export function parseCommentedJson(source: string): CommentedJson {
  const text = source.replace(/^\uFEFF/, "");
  const plain = parsePlainJson(text, MAX_DEPTH);
  if (plain !== undefined) return { value: plain, problems: [], oddities: [] };
  if (FOREIGN_ENCODING.test(text)) {
    const message = "this is no UTF-8 text but looks like UTF-16; save it as UTF-8";
    return { value: undefined, problems: [{ line: 1, column: 1, message }], oddities: [] };
  }
  const tooDeep = findTooDeep(text);
  if (tooDeep !== null) {
    const message = `brackets are nested deeper than ${MAX_DEPTH} levels`;
    return { value: undefined, problems: [{ ...positionOf(text, tooDeep), message }], oddities: [] };
  }
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  const problems = errors.slice(0, MAX_PROBLEMS).map((error) => ({
    ...positionOf(text, error.offset),
    message: SENTENCES[printParseErrorCode(error.error)] ?? "this is not JSON",
  }));
  const oddities: JsonOddity[] = [];
  return { value: tree === undefined ? undefined : valueOf(tree, null, { text, oddities }), problems, oddities };
}

/** Offset of the bracket that nests too deep, or null. The parser recurses and would exhaust the stack. */
function findTooDeep(text: string): number | null {
  // A comment need not end: looking for each end in vain would take long.
  const tokens = /\/\/.*|\/\*[^]*?(?:\*\/|$)|["{}[\]]/g;
  const open: string[] = [];
  for (let match = tokens.exec(text); match !== null; match = tokens.exec(text)) {
    const sign = match[0];
    if (sign === '"') tokens.lastIndex = endOfString(text, match.index);
    else if (sign === "{" || sign === "[") {
      if (open.push(sign) > MAX_DEPTH) return match.index;
    } else if (open.at(-1) === OPENS[sign]) open.pop();
  }
  return null;
}

/** A string ends with its line at the latest, or one missing quote would hide every bracket behind it. */
function endOfString(text: string, start: number): number {
  const rest = /[^"\\\r\n]*(?:\\.[^"\\\r\n]*)*/y;
  rest.lastIndex = start + 1;
  rest.exec(text);
  return rest.lastIndex + 1;
}

function positionOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}

/** A place in the document, from the inside out: only few places are ever printed. */
interface Place {
  readonly key: string | number;
  readonly parent: Place | null;
}

function pointerTo(place: Place | null): string {
  return place === null ? "" : pointerTo(place.parent) + jsonPointer([place.key]);
}

/** What is parsed, and what was noted about it so far. */
interface Reading {
  readonly text: string;
  readonly oddities: JsonOddity[];
}

function valueOf(node: Node, place: Place | null, reading: Reading): JsonValue {
  const children = node.children ?? [];
  if (node.type === "array") return children.map((child, key) => valueOf(child, { key, parent: place }, reading));
  if (node.type === "object") return objectOf(children, place, reading);
  if (node.type === "number") {
    const literal = reading.text.slice(node.offset, node.offset + node.length);
    noteInexact(literal, place, reading.oddities);
  }
  return node.value as JsonValue;
}

function objectOf(properties: readonly Node[], parent: Place | null, reading: Reading): JsonValue {
  const fields = new Map<string, JsonValue>();
  for (const property of properties) {
    const [keyNode, value] = property.children ?? [];
    if (keyNode === undefined) continue;
    const key = String(keyNode.value);
    const place = { key, parent };
    if (fields.has(key))
      reading.oddities.push({ pointer: pointerTo(place), message: `"${key}" is given twice; the last one counts` });
    // Broken text can lack the value; that is among the problems already.
    fields.set(key, value === undefined ? null : valueOf(value, place, reading));
  }
  // Not by assignment: a field "__proto__" must become a field and nothing else.
  return Object.fromEntries(fields);
}

function noteInexact(literal: string, place: Place | null, oddities: JsonOddity[]): void {
  if (!/^-?\d+$/.test(literal) || Number.isSafeInteger(Number(literal))) return;
  oddities.push({ pointer: pointerTo(place), message: `${literal} is too large to be kept exactly; write it as text` });
}
