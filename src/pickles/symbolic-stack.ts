import { UnreadablePickle } from "./read-instruction.ts";
import type { StackSymbol } from "./symbols.ts";

/** Far more than real pickles have, which write long lists in parts. */
const MOST_ITEMS = 2_000_000;

/** The stack of a pickle with its marks, and its memo. */
export class SymbolicStack {
  readonly #items: StackSymbol[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, StackSymbol>();

  push(symbol: StackSymbol): void {
    if (this.#items.length >= MOST_ITEMS) throw tooLarge();
    this.#items.push(symbol);
  }

  pop(): StackSymbol {
    const item = this.#items.length > this.#fence ? this.#items.pop() : undefined;
    if (item === undefined) throw new UnreadablePickle("it takes a value from an empty stack");
    return item;
  }

  top(): StackSymbol {
    const item = this.pop();
    this.#items.push(item);
    return item;
  }

  /** POP takes away a mark where no value stands above it. */
  popValueOrMark(): void {
    if (this.#items.length === this.#fence && this.#marks.length > 0) this.#marks.pop();
    else this.pop();
  }

  mark(): void {
    if (this.#marks.length >= MOST_ITEMS) throw tooLarge();
    this.#marks.push(this.#items.length);
  }

  popToMark(): readonly StackSymbol[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw new UnreadablePickle("it goes back to a mark that is not there");
    return this.#items.splice(mark);
  }

  memoize(): void {
    this.put(this.#memo.size);
  }

  put(key: number): void {
    if (key < 0) throw new UnreadablePickle("a key of the memo is negative");
    this.#memo.set(key, this.top());
    if (this.#memo.size > MOST_ITEMS) throw tooLarge();
  }

  get(key: number): StackSymbol {
    const symbol = this.#memo.get(key);
    if (symbol === undefined) throw new UnreadablePickle("it takes a value from the memo that is not there");
    return symbol;
  }

  /** Values below a mark are out of reach. */
  get #fence(): number {
    return this.#marks.at(-1) ?? 0;
  }
}

function tooLarge(): UnreadablePickle {
  return new UnreadablePickle(`it keeps more than ${MOST_ITEMS} values, too many to follow`);
}
