import type { ByteSource } from "./byte-source.ts";
import { UnreadablePickle } from "./read-instruction.ts";
import { classOf, fullName, makesObjectsOnly, type ObjectSymbol, type StackSymbol } from "./symbols.ts";

/** The array that a wrapper of joblib describes; its bytes stand between the instructions. */
export interface JoblibArray {
  /** NumPy's code of the dtype: `f8`, `U5`, `O8`. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** A pickle stands there in the place of bytes. */
  readonly holdsObjects: boolean;
  readonly dataBytes: number;
  /** A byte with the number of bytes to skip stands before the data. */
  readonly isAligned: boolean;
}

const WRAPPERS = ["joblib.numpy_pickle.NumpyArrayWrapper", "sklearn.externals.joblib.numpy_pickle.NumpyArrayWrapper"];
const DTYPES = ["numpy.dtype", "numpy.core.multiarray.dtype"];
const CODE = /^[<>|=]?([?bBhHiIlLqQefdgFDGSUVOMmuc])(\d{0,9})$/;
/** Places in the state that a dtype is pickled with: version, order, subarray, names, fields, size, alignment, flags. */
const STATE_SIZE = 5;
const STATE_FLAGS = 7;
/** The flag of a dtype with objects in it. */
const HAS_OBJECTS = 1;

/** True for the class of such objects. */
export function isWrapperClass(symbol: StackSymbol): boolean {
  return symbol.kind === "global" && WRAPPERS.includes(fullName(symbol));
}

/** True for what may be another dtype under a second name: NumPy gives back the very one that it is asked to make one of. */
export function isSecondDtype(symbol: StackSymbol): boolean {
  if (symbol.kind !== "object" || !DTYPES.includes(classOf(symbol) ?? "")) return false;
  return symbol.args?.kind !== "tuple" || symbol.args.items.some(({ kind }) => kind === "object" || kind === "foreign");
}

/** True for the object behind whose state joblib writes the bytes of an array. */
export function isArrayWrapper(symbol: StackSymbol): symbol is ObjectSymbol {
  return WRAPPERS.includes(classOf(symbol) ?? "");
}

/**
 * What a wrapper says of its array.
 * @throws UnreadablePickle where that cannot be told for sure: what follows could be anything then.
 */
export function describeArray({ maker, isInstance, state }: ObjectSymbol): JoblibArray {
  // Called, the class would set attributes of its own before those of the state.
  if (!isInstance && !makesObjectsOnly(maker)) throw unclear();
  if (state?.kind !== "dict" || !state.isWhole) throw unclear();
  const { fields } = state;
  const shape = shapeOf(fields.get("shape"));
  const { code, itemBytes, holdsObjects } = dtypeOf(fields.get("dtype"));
  const isAligned = isAlignment(fields.get("numpy_array_alignment_bytes"));
  const dataBytes = shape.reduce((product, size) => product * size, itemBytes);
  if (!Number.isSafeInteger(dataBytes)) throw unclear();
  return { dtype: code, shape, holdsObjects, dataBytes, isAligned };
}

/** Goes on past the bytes of an array. @throws UnreadablePickle when they are not all there. */
export async function skipArray(source: ByteSource, { isAligned, dataBytes }: JoblibArray): Promise<void> {
  if (isAligned) {
    await source.fill(1);
    const padding = source.ready[0] ?? 0;
    await source.skip(1 + padding);
  }
  if (!(await source.skip(dataBytes))) throw new UnreadablePickle("it ends within an array");
}

/** Files that were written before there was an alignment have none. */
function isAlignment(symbol: StackSymbol | undefined): boolean {
  if (symbol === undefined || (symbol.kind === "plain" && symbol.what === "None")) return false;
  if (symbol.kind !== "number") throw unclear();
  return true;
}

function shapeOf(symbol: StackSymbol | undefined): readonly number[] {
  if (symbol?.kind !== "tuple" || symbol.items.length !== symbol.length) throw unclear();
  return symbol.items.map((item) => {
    if (item.kind !== "number" || item.value < 0) throw unclear();
    return item.value;
  });
}

function dtypeOf(symbol: StackSymbol | undefined) {
  if (symbol?.kind !== "object" || !DTYPES.includes(classOf(symbol) ?? "")) throw unclear();
  const code = symbol.args?.kind === "tuple" ? symbol.args.items[0] : undefined;
  const match = code?.kind === "text" ? CODE.exec(code.text ?? "") : null;
  if (code?.kind !== "text" || code.text === null || match === null) throw unclear();
  const state = stateOf(symbol);
  const holdsObjects = match[1] === "O";
  // NumPy believes the state rather than the code: where they differ, someone made them differ. Fields say it by a flag alone.
  const isRecord = match[1] === "V";
  if (!isRecord && state.holdsObjects !== null && state.holdsObjects !== holdsObjects) throw unclear();
  // The letters of C's types are as long as the machine has them; NumPy writes the length with all others.
  if (match[2] === "" && !"?bBO".includes(match[1] ?? "")) throw unclear();
  // NumPy would take the size of texts and records from the state, whatever it is.
  if (state.isGiven && state.itemBytes === null && "SUV".includes(match[1] ?? "")) throw unclear();
  const written = match[2] === "" ? 1 : Number(match[2]) * (match[1] === "U" ? 4 : 1);
  if (state.itemBytes !== null && !holdsObjects && state.itemBytes !== written) throw unclear();
  return { code: code.text, itemBytes: written, holdsObjects: holdsObjects || state.holdsObjects === true };
}

function stateOf({ state }: ObjectSymbol): {
  readonly isGiven: boolean;
  readonly itemBytes: number | null;
  readonly holdsObjects: boolean | null;
} {
  if (state === null) return { isGiven: false, itemBytes: null, holdsObjects: null };
  const [size, flags] = state.kind === "tuple" ? [state.items[STATE_SIZE], state.items[STATE_FLAGS]] : [];
  if (size?.kind !== "number" || flags?.kind !== "number") throw unclear();
  return {
    isGiven: true,
    itemBytes: size.value < 0 ? null : size.value,
    holdsObjects: (flags.value & HAS_OBJECTS) === HAS_OBJECTS,
  };
}

function unclear(): UnreadablePickle {
  return new UnreadablePickle("the size of an array of joblib cannot be told");
}
