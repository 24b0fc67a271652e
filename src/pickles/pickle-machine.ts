import type { Findings } from "./findings.ts";
import { isArrayWrapper, isSecondDtype } from "./joblib-array.ts";
import { parseMemoKey } from "./python-strings.ts";
import { UnreadablePickle, type Instruction } from "./read-instruction.ts";
import { classOf, couldBeText, describe, type StackSymbol } from "./symbols.ts";
import { emptyDict, LIST, SET, setItems, tuple, valueOf } from "./symbol-values.ts";
import { SymbolicStack } from "./symbolic-stack.ts";

const HIGHEST_PROTOCOL = 5;

/** Follows the instructions of one pickle with symbols in the place of values. Nothing is imported or called. */
export class PickleMachine {
  readonly #stack = new SymbolicStack();
  readonly #findings: Findings;
  /** The highest that a PROTO instruction named. */
  protocol = 0;
  persistentIds = 0;
  /** What STOP left. */
  result: StackSymbol | null = null;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /**
   * Follows one instruction.
   * @returns the object whose state was just set, because joblib reads an array then; else null.
   * @throws UnreadablePickle where unpickling would fail, too.
   */
  step(instruction: Instruction): StackSymbol | null {
    const { name } = instruction;
    if (name === "BUILD") return this.#build();
    if (!this.#pushValue(instruction) && !this.#arrange(name) && !this.#import(instruction) && !this.#call(name))
      this.#useMemo(instruction);
    return null;
  }

  #pushValue(instruction: Instruction): boolean {
    const { name } = instruction;
    if (name === "BINPERSID") this.#stack.pop();
    if (name === "PERSID" || name === "BINPERSID") return this.#pushPersistent();
    const value = valueOf(instruction);
    if (value === null) return false;
    this.#stack.push(value);
    return true;
  }

  #pushPersistent(): boolean {
    this.persistentIds++;
    this.#stack.push({ kind: "foreign", what: "a persistent object" });
    return true;
  }

  /** Instructions that only move values about. */
  #arrange(name: string): boolean {
    const stack = this.#stack;
    switch (name) {
      case "MARK":
        stack.mark();
        return true;
      case "POP":
        stack.popValueOrMark();
        return true;
      case "POP_MARK":
        stack.popToMark();
        return true;
      case "DUP":
        stack.push(stack.top());
        return true;
      case "SETITEM":
      case "APPEND":
        this.#fillOne(name);
        return true;
      case "SETITEMS":
      case "APPENDS":
      case "ADDITEMS":
        this.#fill(stack.popToMark());
        return true;
      case "FRAME":
      case "READONLY_BUFFER":
        return true;
      default:
        return this.#collect(name);
    }
  }

  /** Instructions that make one value of several. */
  #collect(name: string): boolean {
    const stack = this.#stack;
    switch (name) {
      case "TUPLE":
        stack.push(tuple(stack.popToMark()));
        return true;
      case "TUPLE1":
      case "TUPLE2":
      case "TUPLE3": {
        const items = Array.from({ length: Number(name.slice(-1)) }, () => stack.pop());
        stack.push(tuple(items.reverse()));
        return true;
      }
      case "LIST":
      case "FROZENSET":
        stack.popToMark();
        stack.push(name === "LIST" ? LIST : SET);
        return true;
      case "DICT":
        stack.push(setItems(emptyDict(), stack.popToMark()));
        return true;
      default:
        return false;
    }
  }

  #fillOne(name: string): void {
    const value = this.#stack.pop();
    this.#fill(name === "APPEND" ? [value] : [this.#stack.pop(), value]);
  }

  #fill(items: readonly StackSymbol[]): void {
    const container = this.#stack.top();
    if (container.kind === "global") this.#findings.suspect(`it changes ${describe(container)} itself`);
    setItems(container, items);
  }

  #import({ name, number, text, text2 }: Instruction): boolean {
    switch (name) {
      case "GLOBAL":
        this.#pushGlobal(text ?? "", text2);
        return true;
      case "INST": {
        const args = tuple(this.#stack.popToMark());
        this.#pushGlobal(text ?? "", text2);
        this.#callWith(args);
        return true;
      }
      case "STACK_GLOBAL": {
        const [attribute, module] = [this.#stack.pop(), this.#stack.pop()];
        this.#pushComputed(module, attribute);
        return true;
      }
      case "EXT":
        this.#findings.suspect(`what it imports stands in a registry of the process (extension ${number})`);
        this.#stack.push({ kind: "foreign", what: `extension ${number}` });
        return true;
      default:
        return false;
    }
  }

  #pushGlobal(module: string, name: string): void {
    this.#findings.addImport(module, name);
    this.#stack.push({ kind: "global", module, name });
  }

  #pushComputed(module: StackSymbol, attribute: StackSymbol): void {
    const names = [module, attribute];
    const [moduleText, attributeText] = names.map((symbol) => (symbol.kind === "text" ? symbol.text : null));
    if (typeof moduleText === "string" && typeof attributeText === "string") {
      this.#pushGlobal(moduleText, attributeText);
      return;
    }
    // Unpickling refuses what is known to be no text.
    if (names.some((symbol) => !couldBeText(symbol))) throw new UnreadablePickle("a name of an import is no text");
    const what = `${describe(module)}, ${describe(attribute)}`;
    this.#findings.suspect(`the name of an import is computed: ${what}`);
    this.#stack.push({ kind: "foreign", what: `an import of ${what}` });
  }

  #call(name: string): boolean {
    const stack = this.#stack;
    switch (name) {
      case "REDUCE":
        this.#callWith(stack.pop());
        return true;
      case "NEWOBJ":
        this.#callWith(stack.pop(), "NEWOBJ");
        return true;
      case "NEWOBJ_EX": {
        stack.pop();
        this.#callWith(stack.pop(), "NEWOBJ");
        return true;
      }
      case "OBJ": {
        const [callee, ...args] = stack.popToMark();
        if (callee === undefined) throw new UnreadablePickle("nothing is called");
        stack.push(callee);
        this.#callWith(tuple(args));
        return true;
      }
      case "STOP":
        this.result = stack.pop();
        return true;
      default:
        return false;
    }
  }

  #callWith(args: StackSymbol, form: "REDUCE" | "NEWOBJ" = "REDUCE"): void {
    const maker = this.#stack.pop();
    this.#findings.addCall(form, maker, args);
    this.#stack.push({ kind: "object", maker, args, isInstance: form === "NEWOBJ", state: null });
  }

  #build(): StackSymbol {
    const state = this.#stack.pop();
    const target = this.#stack.top();
    if (target.kind === "global") this.#findings.suspect(`it changes ${describe(target)} itself`);
    if (isSecondDtype(target)) throw new UnreadablePickle("a dtype is changed under a second name");
    // The attributes of the one would count besides those of the other.
    if (isArrayWrapper(target) && target.state !== null)
      throw new UnreadablePickle("an array of joblib is described twice");
    if (target.kind === "object") target.state = state;
    this.#findings.addBuild(classOf(target) ?? describe(target), state);
    return target;
  }

  /** Puts something else where the last value stands: joblib puts an array in the place of its wrapper. */
  replaceTop(symbol: StackSymbol): void {
    this.#stack.pop();
    this.#stack.push(symbol);
  }

  #useMemo({ name, number, text }: Instruction): void {
    const key = () => (text === "" ? number : parseMemoKey(text ?? ""));
    switch (name) {
      case "PUT":
        this.#stack.put(key());
        return;
      case "GET":
        this.#stack.push(this.#stack.get(key()));
        return;
      case "MEMOIZE":
        this.#stack.memoize();
        return;
      case "PROTO":
        if (number > HIGHEST_PROTOCOL) throw new UnreadablePickle(`its protocol ${number} is not known`);
        this.protocol = Math.max(this.protocol, number);
        return;
      default:
        throw new UnreadablePickle(`${name} is not known`);
    }
  }
}
