import { unescapeUnicode, unquote } from "./python-strings.ts";
import type { Instruction } from "./read-instruction.ts";
import type { StackSymbol } from "./symbols.ts";

/** What is kept of tuples and dicts: arguments are short, and only the state of an array's wrapper matters. */
const KEPT_ITEMS = 32;

const plain = (what: string): StackSymbol => ({ kind: "plain", what });
const NONE = plain("None");
const TRUTH = plain("a bool");
const NUMBER = plain("a number");
const BYTES = plain("bytes");
export const LIST = plain("a list");
export const SET = plain("a set");

/** What instructions push that have no argument worth keeping. */
const CONSTANTS: Readonly<Record<string, () => StackSymbol>> = {
  NONE: () => NONE,
  TRUTH: () => TRUTH,
  REAL: () => NUMBER,
  LONG: () => NUMBER,
  BYTES: () => BYTES,
  EMPTY_LIST: () => LIST,
  EMPTY_SET: () => SET,
  EMPTY_TUPLE: () => tuple([]),
  EMPTY_DICT: emptyDict,
};

export function emptyDict(): StackSymbol {
  return { kind: "dict", fields: new Map(), isWhole: true };
}

/** The value of a number that is written out; Python 2 wrote an L after long ones. */
function numberOf(line: string): StackSymbol {
  const value = Number(line.replace(/L$/, ""));
  return /^-?\d+L?$/.test(line) && Number.isSafeInteger(value) ? { kind: "number", value } : NUMBER;
}

/** A tuple with the first of its items. */
export function tuple(items: readonly StackSymbol[]): StackSymbol {
  return { kind: "tuple", items: items.slice(0, KEPT_ITEMS), length: items.length };
}

/** Puts keys and values into a dict, as far as they are kept. */
export function setItems(container: StackSymbol, items: readonly StackSymbol[]): StackSymbol {
  if (container.kind !== "dict") return container;
  for (let index = 0; index + 1 < items.length; index += 2) {
    const [key, value] = [items[index], items[index + 1]];
    const isKept =
      key?.kind === "text" &&
      key.text !== null &&
      (container.fields.size < KEPT_ITEMS || container.fields.has(key.text));
    // A key that is known counts with its last value, as in the real dict.
    if (isKept && value !== undefined) container.fields.set(key.text, value);
    else container.isWhole = false;
  }
  return container;
}

/** The value that an instruction pushes by itself; null for one that needs the stack. */
export function valueOf({ name, number, text }: Instruction): StackSymbol | null {
  switch (name) {
    case "NUMBER":
      return text === "" ? { kind: "number", value: number } : numberOf(text ?? "");
    case "INT32":
      return { kind: "number", value: number | 0 };
    case "TEXT":
      return { kind: "text", text };
    case "STRING":
      return { kind: "text", text: text === null ? null : unquote(text) };
    case "UNICODE":
      return { kind: "text", text: text === null ? null : unescapeUnicode(text) };
    case "NEXT_BUFFER":
      return { kind: "foreign", what: "a buffer from outside" };
    default:
      return CONSTANTS[name]?.() ?? null;
  }
}
