/** How the argument of an instruction is written. Numbers are little-endian. */
export type ArgumentForm =
  | "none"
  | "line"
  | "two lines"
  /** Numbers of so many bytes, without a sign. */
  | 1
  | 2
  | 4
  | 8
  /** A length of so many bytes, and as many bytes. */
  | "text1"
  | "text4"
  | "text8"
  | "bytes1"
  | "bytes4"
  | "bytes8";

/** Instructions of all protocols (0 to 5) by their byte; CPython's Lib/pickletools.py describes them. */
export const OPCODES: ReadonlyMap<number, readonly [name: string, form: ArgumentForm]> = new Map([
  ...ascii({
    "(": ["MARK", "none"],
    ".": ["STOP", "none"],
    "0": ["POP", "none"],
    "1": ["POP_MARK", "none"],
    "2": ["DUP", "none"],
    F: ["NUMBER", "line"],
    I: ["NUMBER", "line"],
    J: ["INT32", 4],
    K: ["NUMBER", 1],
    L: ["NUMBER", "line"],
    M: ["NUMBER", 2],
    N: ["NONE", "none"],
    P: ["PERSID", "line"],
    Q: ["BINPERSID", "none"],
    R: ["REDUCE", "none"],
    S: ["STRING", "line"],
    T: ["TEXT", "text4"],
    U: ["TEXT", "text1"],
    V: ["UNICODE", "line"],
    X: ["TEXT", "text4"],
    a: ["APPEND", "none"],
    b: ["BUILD", "none"],
    c: ["GLOBAL", "two lines"],
    d: ["DICT", "none"],
    "}": ["EMPTY_DICT", "none"],
    e: ["APPENDS", "none"],
    g: ["GET", "line"],
    h: ["GET", 1],
    i: ["INST", "two lines"],
    j: ["GET", 4],
    l: ["LIST", "none"],
    "]": ["EMPTY_LIST", "none"],
    o: ["OBJ", "none"],
    p: ["PUT", "line"],
    q: ["PUT", 1],
    r: ["PUT", 4],
    s: ["SETITEM", "none"],
    t: ["TUPLE", "none"],
    ")": ["EMPTY_TUPLE", "none"],
    u: ["SETITEMS", "none"],
    G: ["REAL", 8],
    B: ["BYTES", "bytes4"],
    C: ["BYTES", "bytes1"],
  }),
  [0x80, ["PROTO", 1]],
  [0x81, ["NEWOBJ", "none"]],
  [0x82, ["EXT", 1]],
  [0x83, ["EXT", 2]],
  [0x84, ["EXT", 4]],
  [0x85, ["TUPLE1", "none"]],
  [0x86, ["TUPLE2", "none"]],
  [0x87, ["TUPLE3", "none"]],
  [0x88, ["TRUTH", "none"]],
  [0x89, ["TRUTH", "none"]],
  [0x8a, ["LONG", "bytes1"]],
  [0x8b, ["LONG", "bytes4"]],
  [0x8c, ["TEXT", "text1"]],
  [0x8d, ["TEXT", "text8"]],
  [0x8e, ["BYTES", "bytes8"]],
  [0x8f, ["EMPTY_SET", "none"]],
  [0x90, ["ADDITEMS", "none"]],
  [0x91, ["FROZENSET", "none"]],
  [0x92, ["NEWOBJ_EX", "none"]],
  [0x93, ["STACK_GLOBAL", "none"]],
  [0x94, ["MEMOIZE", "none"]],
  [0x95, ["FRAME", 8]],
  [0x96, ["BYTES", "bytes8"]],
  [0x97, ["NEXT_BUFFER", "none"]],
  [0x98, ["READONLY_BUFFER", "none"]],
]);

function ascii(
  table: Readonly<Record<string, readonly [string, ArgumentForm]>>,
): [number, readonly [string, ArgumentForm]][] {
  return Object.entries(table).map(([character, entry]) => [character.charCodeAt(0), entry]);
}
