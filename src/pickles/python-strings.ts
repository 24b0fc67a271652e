import { UnreadablePickle } from "./read-instruction.ts";

const SIMPLE: Readonly<Record<string, string>> = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\n": "",
};
const ESCAPE = /\\(x[\da-fA-F]{2}|[0-7]{1,3}|[\s\S])/g;
const UNICODE_ESCAPE = /\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8}))/g;
const INTEGER = /^\s*[+-]?\d+(?:_\d+)*\s*$/;
const HIGHEST_CODE_POINT = 0x10_ff_ff;

/** The text of a STRING instruction: in quotes, with the escapes of Python. @throws UnreadablePickle. */
export function unquote(line: string): string {
  const text = line.trim();
  const quote = text[0];
  if (text.length < 2 || (quote !== "'" && quote !== '"') || !text.endsWith(quote))
    throw new UnreadablePickle("a text has no quotes");
  return text.slice(1, -1).replace(ESCAPE, (all, code: string) => {
    const simple = SIMPLE[code];
    if (simple !== undefined) return simple;
    if (code.startsWith("x") && code.length === 3) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return /^[0-7]/.test(code) ? String.fromCharCode(Number.parseInt(code, 8) & 0xff) : all;
  });
}

/** The text of a UNICODE instruction: only `\u` and `\U` are escapes. */
export function unescapeUnicode(line: string): string {
  return line.replace(UNICODE_ESCAPE, (all, short: string | undefined, long: string | undefined) => {
    const point = Number.parseInt(short ?? long ?? "", 16);
    return point > HIGHEST_CODE_POINT ? all : String.fromCodePoint(point);
  });
}

/** A number of the memo, as Python's `int` reads it: also with `_` between digits. @throws UnreadablePickle. */
export function parseMemoKey(line: string): number {
  const key = Number(line.replaceAll("_", ""));
  if (!INTEGER.test(line) || !Number.isSafeInteger(key)) throw new UnreadablePickle("a key of the memo is no integer");
  return key;
}
