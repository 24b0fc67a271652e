/** What would stand on the stack of a pickle, as far as can be told without running it. */
export type StackSymbol =
  /** Null: too long to be a name. */
  | { readonly kind: "text"; readonly text: string | null }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "tuple"; readonly items: readonly StackSymbol[]; readonly length: number }
  | DictSymbol
  /** A class, function or module that is imported. */
  | { readonly kind: "global"; readonly module: string; readonly name: string }
  /** What a call gives. */
  | ObjectSymbol
  /** None, lists, sets, bytes: nothing that could be called or be a name. */
  | { readonly kind: "plain"; readonly what: string }
  /** Something from outside of the pickle, or from an instruction that only an import could tell. */
  | { readonly kind: "foreign"; readonly what: string };

export interface DictSymbol {
  readonly kind: "dict";
  readonly fields: Map<string, StackSymbol>;
  /** False where it has more keys than are kept, or such as are not known. */
  isWhole: boolean;
}

export interface ObjectSymbol {
  readonly kind: "object";
  readonly maker: StackSymbol;
  readonly args: StackSymbol | null;
  /** Made by the class itself (NEWOBJ), so an object of this class. */
  readonly isInstance: boolean;
  /** Set by BUILD. */
  state: StackSymbol | null;
}

const LISTED_ITEMS = 4;
const DEEPEST = 3;
const LISTED_CHARACTERS = 60;
/** Makers that make an object of the class that they are given. */
const RECONSTRUCTORS = [
  "copyreg._reconstructor",
  "copy_reg._reconstructor",
  "copyreg.__newobj__",
  "copy_reg.__newobj__",
];

/** The full name of something imported: `os.system`. */
export function fullName({ module, name }: { readonly module: string; readonly name: string }): string {
  return `${module}.${name}`;
}

/** True for what takes classes and makes objects of them, and calls nothing that it is given. */
export function makesObjectsOnly(callee: StackSymbol): boolean {
  return callee.kind === "global" && RECONSTRUCTORS.includes(fullName(callee));
}

/** The full name of the class of an object; null where it cannot be told. */
export function classOf(symbol: StackSymbol): string | null {
  if (symbol.kind !== "object" || symbol.maker.kind !== "global") return null;
  const name = fullName(symbol.maker);
  if (!RECONSTRUCTORS.includes(name)) return name;
  const first = symbol.args?.kind === "tuple" ? symbol.args.items[0] : undefined;
  return first?.kind === "global" ? fullName(first) : null;
}

/** A symbol in a few words, however deep it is nested: `os.system('touch x')`. */
export function describe(symbol: StackSymbol, depth = 0): string {
  if (depth > DEEPEST) return "…";
  switch (symbol.kind) {
    case "text":
      return symbol.text === null ? "a long text" : `'${shorten(symbol.text)}'`;
    case "number":
      return String(symbol.value);
    case "tuple":
      return `(${list(symbol, depth)})`;
    case "dict":
      return "a dict";
    case "global":
      return shorten(fullName(symbol));
    case "object":
      return classOf(symbol) ?? `${describe(symbol.maker, depth + 1)}${describeArguments(symbol.args, depth + 1)}`;
    case "plain":
    case "foreign":
      return symbol.what;
  }
}

/** Arguments with their brackets. */
export function describeArguments(args: StackSymbol | null, depth = 0): string {
  if (args === null) return "()";
  return args.kind === "tuple" ? `(${list(args, depth)})` : `(*${describe(args, depth + 1)})`;
}

function list(
  { items, length }: { readonly items: readonly StackSymbol[]; readonly length: number },
  depth: number,
): string {
  const shown = items.slice(0, LISTED_ITEMS).map((item) => describe(item, depth + 1));
  return [...shown, ...(length > shown.length ? ["…"] : [])].join(", ");
}

/** One line, however the text goes on. */
function shorten(text: string): string {
  const line = JSON.stringify(text).slice(1, -1);
  return line.length > LISTED_CHARACTERS ? `${line.slice(0, LISTED_CHARACTERS)}…` : line;
}

/** Only text itself will do for a name; an object of another class is none, whatever it was made of. */
export function couldBeText(symbol: StackSymbol): boolean {
  if (symbol.kind === "object")
    return !symbol.isInstance || classOf(symbol) === null || classOf(symbol) === "builtins.str";
  return symbol.kind === "text" || symbol.kind === "foreign";
}
