import type { JsonValue } from "../../kernel/json.ts";
import type { ExactJson } from "../ports/predictor.ts";
import { JsonScanner } from "./scan-json.ts";

/** Beyond this many digits an integer is over the largest double; `JSON.parse` and we then read Infinity. */
const MAX_EXACT_DIGITS = 308;

/** Nesting that the exact parser, which recurses, takes before it gives up with a `SyntaxError`. */
const MAX_DEPTH = 500;

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const WHITE_SPACE = /[ \t\n\r]*/y;

/**
 * True when `JSON.parse` could lose digits: an integer of sixteen or more digits stands outside strings.
 * @param input - JSON text, or its UTF-8 bytes.
 */
export function needsExactParse(input: string | Uint8Array): boolean {
  // The characters that matter are ASCII, and no byte of a longer UTF-8 sequence is: Latin-1 is quick and enough.
  const text = typeof input === "string" ? input : new TextDecoder("latin1").decode(input);
  const scanner = new JsonScanner(text);
  scanner.advance();
  return scanner.hasLongInteger;
}

/**
 * Parses JSON as `JSON.parse` does, but reads integers that a double cannot hold as `bigint`.
 * Some ten times slower; see `needsExactParse`.
 * @throws SyntaxError on anything that `JSON.parse` refuses, and on nesting deeper than 500.
 */
export function parseExact(text: string): ExactJson {
  return new ExactParser(text).parseDocument();
}

/**
 * Serialises as `JSON.stringify` does, and `bigint` as the integer that it is.
 */
export function stringifyExact(value: ExactJson): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // A TypeError is how the fast way says that there is a bigint somewhere.
    if (!(error instanceof TypeError)) throw error;
    return writeExact(value);
  }
}

function writeExact(value: ExactJson): string {
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(writeExact).join(",")}]`;
  const fields = Object.entries(value).map(([key, field]) => `${JSON.stringify(key)}:${writeExact(field)}`);
  return `{${fields.join(",")}}`;
}

/** The value for logs and error details, which hold plain JSON only: a `bigint` becomes text. */
export function toPlainJson(value: ExactJson): JsonValue {
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) return value.map(toPlainJson);
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, toPlainJson(field)]));
}

/** `Array.isArray` does not narrow read-only lists. */
function isList(value: ExactJson): value is readonly ExactJson[] {
  return Array.isArray(value);
}

class ExactParser {
  readonly #text: string;
  #position = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parseDocument(): ExactJson {
    const value = this.#value();
    if (this.#position < this.#text.length) throw this.#unexpected();
    return value;
  }

  /** Reads one value and the white space on both sides of it. */
  #value(): ExactJson {
    this.#match(WHITE_SPACE);
    const value = this.#bareValue();
    this.#match(WHITE_SPACE);
    return value;
  }

  #bareValue(): ExactJson {
    switch (this.#text[this.#position]) {
      case "{":
        return this.#nested(() => this.#object());
      case "[":
        return this.#nested(() => this.#list());
      case '"':
        return this.#string();
      case "t":
        return this.#word("true", true);
      case "f":
        return this.#word("false", false);
      case "n":
        return this.#word("null", null);
      default:
        return this.#number();
    }
  }

  #nested(read: () => ExactJson): ExactJson {
    if (++this.#depth > MAX_DEPTH) throw new SyntaxError(`JSON is nested deeper than ${MAX_DEPTH}.`);
    this.#position++;
    const value = read();
    this.#depth--;
    return value;
  }

  #list(): ExactJson {
    const list: ExactJson[] = [];
    this.#match(WHITE_SPACE);
    if (this.#take("]")) return list;
    do list.push(this.#value());
    while (this.#take(","));
    this.#expect("]");
    return list;
  }

  #object(): ExactJson {
    const fields: [string, ExactJson][] = [];
    this.#match(WHITE_SPACE);
    if (this.#take("}")) return {};
    do {
      this.#match(WHITE_SPACE);
      const key = this.#string();
      this.#match(WHITE_SPACE);
      this.#expect(":");
      fields.push([key, this.#value()]);
    } while (this.#take(","));
    this.#expect("}");
    // Not by assignment: a key "__proto__" must become a field and nothing else.
    return Object.fromEntries(fields);
  }

  #string(): string {
    const start = this.#position;
    if (!this.#take('"')) throw this.#unexpected();
    let end = this.#text.indexOf('"', this.#position);
    while (end !== -1 && this.#isEscaped(end)) end = this.#text.indexOf('"', end + 1);
    this.#position = end === -1 ? this.#text.length : end + 1;
    try {
      return JSON.parse(this.#text.slice(start, this.#position)) as string;
    } catch {
      throw new SyntaxError(`Bad string in JSON at position ${start}`);
    }
  }

  /** True for a quote after an odd number of backslashes. */
  #isEscaped(quote: number): boolean {
    let first = quote;
    while (this.#text[first - 1] === "\\") first--;
    return (quote - first) % 2 === 1;
  }

  #number(): ExactJson {
    const match = this.#match(NUMBER);
    if (match === null) throw this.#unexpected();
    const [literal, fraction, exponent] = match;
    const value = Number(literal);
    const isLost = fraction === undefined && exponent === undefined && !Number.isSafeInteger(value);
    return isLost && literal.length <= MAX_EXACT_DIGITS ? BigInt(literal) : value;
  }

  #word<T extends ExactJson>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#position)) throw this.#unexpected();
    this.#position += word.length;
    return value;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#position;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#position = pattern.lastIndex;
    return match;
  }

  #take(char: string): boolean {
    if (this.#text[this.#position] !== char) return false;
    this.#position++;
    return true;
  }

  #expect(char: string): void {
    if (!this.#take(char)) throw this.#unexpected();
  }

  #unexpected(): SyntaxError {
    const char = this.#text[this.#position];
    return new SyntaxError(
      char === undefined
        ? "Unexpected end of JSON input"
        : `Unexpected token ${JSON.stringify(char)} in JSON at position ${this.#position}`,
    );
  }
}
