import { isWrapperClass } from "./joblib-array.ts";
import { describe, describeArguments, fullName, makesObjectsOnly, type StackSymbol } from "./symbols.ts";
import { UnreadablePickle } from "./read-instruction.ts";

export interface FoundImport {
  readonly module: string;
  readonly name: string;
  /** How often. */
  count: number;
  /** It is called, or handed to what is called, which may call it. */
  isCalled: boolean;
}

/** How something is called: a function or class, or what a class does with the state of an object. */
export type CallForm = "REDUCE" | "NEWOBJ" | "BUILD";

export interface FoundCall {
  readonly callee: string;
  readonly form: CallForm;
  /** Of the first call, in a few words. */
  readonly arguments: string;
  count: number;
}

/** What a pickle imports and calls. */
export interface FoundUses {
  readonly imports: readonly FoundImport[];
  readonly calls: readonly FoundCall[];
}

const MOST_DIFFERENT = 10_000;

/** What the instructions of a pickle would do, gathered while they are followed. */
export class Findings {
  readonly #imports = new Map<string, FoundImport>();
  readonly #calls = new Map<string, FoundCall>();
  readonly #suspicions = new Set<string>();

  get imports(): readonly FoundImport[] {
    return [...this.#imports.values()];
  }

  get calls(): readonly FoundCall[] {
    return [...this.#calls.values()];
  }

  /** What cannot be told without running the pickle, or changes something that is imported. */
  get suspicions(): readonly string[] {
    return [...this.#suspicions];
  }

  addImport(module: string, name: string): void {
    const key = `${module}\0${name}`;
    const found = this.#imports.get(key);
    if (found !== undefined) found.count++;
    else this.#imports.set(key, { module, name, count: 1, isCalled: false });
    this.#requireFew(this.#imports.size);
  }

  addCall(form: CallForm, callee: StackSymbol, args: StackSymbol | null): void {
    const name = callee.kind === "global" ? fullName(callee) : describe(callee);
    if (callee.kind !== "global") this.suspect(`what is called is computed: ${name}`);
    if (form === "REDUCE") this.#markCalled(callee, args);
    // What makes an object of the class unseen would hide where its bytes end.
    if (args?.kind === "tuple" && !makesObjectsOnly(callee) && args.items.some(isWrapperClass))
      this.suspect(`${name} is handed what joblib describes arrays with`);
    this.#count(form, name, args);
  }

  /** Python takes nothing but a tuple for arguments, and pickles write it out; what they are made of would be hidden else. */
  #markCalled(callee: StackSymbol, args: StackSymbol | null): void {
    if (args?.kind !== "tuple") this.suspect(`what ${describe(callee)} is called with is computed`);
    const handedOn = args?.kind === "tuple" && !makesObjectsOnly(callee) ? args.items : [];
    for (const symbol of [callee, ...handedOn]) {
      const found = symbol.kind === "global" ? this.#imports.get(`${symbol.module}\0${symbol.name}`) : undefined;
      if (found !== undefined) found.isCalled = true;
    }
  }

  /** BUILD calls `__setstate__` of the object, or fills its attributes. */
  addBuild(className: string, state: StackSymbol): void {
    this.#count("BUILD", className, state);
  }

  suspect(what: string): void {
    this.#suspicions.add(what);
    this.#requireFew(this.#suspicions.size);
  }

  /** What another reading of the same bytes did not find. */
  beyond(other: Findings): FoundUses {
    return {
      imports: this.imports.filter(({ module, name }) => !other.#imports.has(`${module}\0${name}`)),
      calls: this.calls.filter((call) => !other.#calls.has(keyOf(call))),
    };
  }

  #count(form: CallForm, callee: string, args: StackSymbol | null): void {
    const key = keyOf({ form, callee });
    const found = this.#calls.get(key);
    if (found !== undefined) found.count++;
    else this.#calls.set(key, { callee, form, arguments: describeArguments(args), count: 1 });
    this.#requireFew(this.#calls.size);
  }

  #requireFew(size: number): void {
    if (size > MOST_DIFFERENT) throw new UnreadablePickle(`it names more than ${MOST_DIFFERENT} different things`);
  }
}

function keyOf({ form, callee }: Pick<FoundCall, "form" | "callee">): string {
  return `${form}\0${callee}`;
}
