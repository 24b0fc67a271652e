import type { ExactJson } from "../ports/predictor.ts";

/** Beyond this many digits an integer is over the largest double; `JSON.parse` and we then read Infinity. */
const MAX_EXACT_DIGITS = 308;

/** Nesting that the exact parser, which recurses, takes before it gives up with a `SyntaxError`. */
const MAX_DEPTH = 500;

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const WHITE_SPACE = /[ \t\n\r]*/y;

/**
 * A strict JSON parser that differs from `JSON.parse` in one thing only: integers that a double cannot hold are `bigint`.
 * One parser reads one text.
 */
export class ExactParser {
  readonly #text: string;
  #position = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** @throws SyntaxError */
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
