/** Fewest digits of an integer that a double may not hold: 2^53 has sixteen. */
const LONG_INTEGER_DIGITS = 16;

/**
 * Matches wherever `JsonScanner.hasLongInteger` is true, and in strings: a quick look before a close one. Digits behind a dot
 * do not match, for nearly every float that a program wrote has sixteen of them.
 */
export const LONG_INTEGER = /(?:^|[^\d.])\d{16}/;

/** A list may be cut at an element boundary once in about this many characters. */
const SLICE_CHARACTERS = 64 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** A list in JSON text, as offsets: `start` is that of `[`, `end` the one after `]`. */
export interface ListSpan {
  readonly start: number;
  readonly end: number;
  /** Offsets of commas between elements of this list, about 64 Ki characters apart. */
  readonly breaks: readonly number[];
}

/**
 * Looks over JSON text without parsing it: how deep it nests, whether the exact parser is needed, and where its
 * longest list lies. It trusts nothing and proves nothing: of text that is not JSON it says something harmless,
 * and the parser that follows refuses it.
 */
export class JsonScanner {
  readonly #text: string;
  #position = 0;
  #depth = 0;
  #isInString = false;
  /** Digits of the number so far; -1 after a dot, where digits are a fraction. */
  #digits = 0;
  /** Depth of the list that is open and lies in no other list; 0 outside of one. */
  #listDepth = 0;
  #listStart = 0;
  #breaks: number[] = [];

  maxDepth = 0;
  /** True when an integer of sixteen or more digits stands outside strings (or an exponent that long). */
  hasLongInteger = false;
  /** The longest list that lies in objects only, or at the top; null when there is none. */
  longestList: ListSpan | null = null;

  constructor(text: string) {
    this.#text = text;
  }

  /** Looks at up to `characters` more. True once the end is reached. */
  advance(characters = Infinity): boolean {
    const text = this.#text;
    const end = Math.min(text.length, this.#position + characters);
    let isInString = this.#isInString;
    let digits = this.#digits;
    let position = this.#position;
    for (; position < end; position++) {
      const char = text.charCodeAt(position);
      if (isInString) {
        if (char === BACKSLASH) position++;
        else if (char === QUOTE) isInString = false;
      } else if (char >= ZERO && char <= NINE) {
        if (digits >= 0 && ++digits === LONG_INTEGER_DIGITS) this.hasLongInteger = true;
      } else {
        digits = char === DOT ? -1 : 0;
        if (char === QUOTE) isInString = true;
        else if (char === COMMA) this.#separate(position);
        else if (char === OPEN_LIST || char === OPEN_OBJECT) this.#open(position, char === OPEN_LIST);
        else if (char === CLOSE_LIST || char === CLOSE_OBJECT) this.#close(position, char === CLOSE_LIST);
      }
    }
    this.#isInString = isInString;
    this.#digits = digits;
    this.#position = position;
    return position >= text.length;
  }

  #open(position: number, isList: boolean): void {
    this.#depth++;
    if (this.#depth > this.maxDepth) this.maxDepth = this.#depth;
    if (!isList || this.#listDepth > 0) return;
    this.#listDepth = this.#depth;
    this.#listStart = position;
    this.#breaks = [];
  }

  #separate(position: number): void {
    if (this.#depth !== this.#listDepth) return;
    if (position - (this.#breaks.at(-1) ?? this.#listStart) >= SLICE_CHARACTERS) this.#breaks.push(position);
  }

  #close(position: number, isList: boolean): void {
    if (this.#depth === this.#listDepth) {
      const length = position + 1 - this.#listStart;
      const longest = this.longestList === null ? 0 : this.longestList.end - this.longestList.start;
      if (isList && length > longest)
        this.longestList = { start: this.#listStart, end: position + 1, breaks: this.#breaks };
      this.#listDepth = 0;
    }
    this.#depth--;
  }
}
