/** A value of the literals that array headers consist of; tuples are told from lists, because a dtype's fields are. */
export type PythonLiteral = null | boolean | number | string | PythonTuple | PythonList | PythonDict;
export interface PythonTuple {
  readonly tuple: readonly PythonLiteral[];
}
export interface PythonList {
  readonly list: readonly PythonLiteral[];
}
export interface PythonDict {
  readonly dict: ReadonlyMap<string, PythonLiteral>;
}

/** Deeper than any dtype that anybody has, and far from the end of the stack. */
const DEEPEST = 32;
const NUMBER = /-?\d+L?/y;
const WORD = /None|True|False/y;
const SPACE = /\s*/y;
const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\", "'": "'", '"': '"', n: "\n", r: "\r", t: "\t" };
const HEX_ESCAPE = /x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})/y;
const HIGHEST_CODE_POINT = 0x10_ff_ff;

/**
 * Parses one Python literal: dict with keys that are texts, list, tuple, text, integer, `True`, `False`, `None`. Nothing
 * is evaluated. @throws SyntaxError with the position.
 */
export function parsePythonLiteral(text: string): PythonLiteral {
  const parser = new Parser(text);
  const value = parser.value(0);
  parser.end();
  return value;
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): PythonLiteral {
    if (depth > DEEPEST) throw this.#error("it is nested too deeply");
    this.#skip();
    switch (this.#text[this.#at]) {
      case "{":
        return this.#dict(depth);
      case "[":
        return { list: this.#items("]", depth).items };
      case "(": {
        const { items, hasComma } = this.#items(")", depth);
        const [only] = items;
        return items.length === 1 && only !== undefined && !hasComma ? only : { tuple: items };
      }
      case "'":
      case '"':
        return this.#string();
      default:
        return this.#plain();
    }
  }

  end(): void {
    this.#skip();
    if (this.#at < this.#text.length) throw this.#error("something follows its end");
  }

  #dict(depth: number): PythonDict {
    const dict = new Map<string, PythonLiteral>();
    this.#at++;
    while (!this.#takes("}")) {
      const key = this.value(depth + 1);
      if (typeof key !== "string") throw this.#error("a key is no text");
      if (!this.#takes(":")) throw this.#error('":" is missing');
      if (dict.has(key)) throw this.#error(`the key "${key}" is there twice`);
      dict.set(key, this.value(depth + 1));
      if (!this.#takes(",") && !this.#isNext("}")) throw this.#error('"," or "}" is missing');
    }
    return { dict };
  }

  #items(end: string, depth: number): { readonly items: readonly PythonLiteral[]; readonly hasComma: boolean } {
    const items: PythonLiteral[] = [];
    let hasComma = false;
    this.#at++;
    while (!this.#takes(end)) {
      items.push(this.value(depth + 1));
      const comma = this.#takes(",");
      hasComma ||= comma;
      if (!comma && !this.#isNext(end)) throw this.#error(`"," or "${end}" is missing`);
    }
    return { items, hasComma };
  }

  #string(): string {
    const quote = this.#text[this.#at];
    const parts: string[] = [];
    for (let at = this.#at + 1; at < this.#text.length; at++) {
      const character = this.#text[at] ?? "";
      if (character === quote) {
        this.#at = at + 1;
        return parts.join("");
      }
      if (character === "\\") {
        const { value, length } = this.#escape(at + 1);
        parts.push(value);
        at += length;
      } else parts.push(character);
    }
    throw this.#error("a text has no end");
  }

  #escape(at: number): { readonly value: string; readonly length: number } {
    const simple = ESCAPES[this.#text[at] ?? ""];
    if (simple !== undefined) return { value: simple, length: 1 };
    HEX_ESCAPE.lastIndex = at;
    const match = HEX_ESCAPE.exec(this.#text);
    const point = Number.parseInt(match?.[1] ?? match?.[2] ?? match?.[3] ?? "", 16);
    if (match === null || point > HIGHEST_CODE_POINT) throw this.#error("a text has an unknown escape");
    return { value: String.fromCodePoint(point), length: match[0].length };
  }

  #plain(): PythonLiteral {
    const word = this.#match(WORD);
    if (word !== null) return word === "None" ? null : word === "True";
    const digits = this.#match(NUMBER);
    // Python 2 wrote long integers with an L.
    const value = Number(digits?.replace("L", ""));
    if (digits === null || !Number.isSafeInteger(value)) throw this.#error("no value that a header may hold");
    return value;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    if (found !== null) this.#at += found.length;
    return found;
  }

  #takes(character: string): boolean {
    const isNext = this.#isNext(character);
    if (isNext) this.#at++;
    return isNext;
  }

  #isNext(character: string): boolean {
    this.#skip();
    return this.#text[this.#at] === character;
  }

  #skip(): void {
    this.#match(SPACE);
  }

  #error(problem: string): SyntaxError {
    return new SyntaxError(`${problem} (at character ${this.#at})`);
  }
}
