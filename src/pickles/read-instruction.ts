import type { ByteSource } from "./byte-source.ts";
import { OPCODES, type ArgumentForm } from "./opcodes.ts";

/** One instruction of a pickle. */
export interface Instruction {
  readonly name: string;
  /** Where it has one number as its argument. */
  readonly number: number;
  /** Where it has texts: one, or module and name. Null for a text that is too long to be a name. */
  readonly text: string | null;
  readonly text2: string;
}

/** Names are shorter; what is longer is data and need not be kept. */
const LONGEST_TEXT = 4096;
/** Of texts, which protocol 0 writes in one line; names are much shorter. */
const LONGEST_LINE = 2 ** 28;
const LONGEST_NAME = 2 ** 20;
const LINE_FEED = 10;

/** What ends the reading of a pickle. */
export class UnreadablePickle extends Error {
  override readonly name = "UnreadablePickle";
}

/**
 * Reads the next instruction. It waits only where bytes are not there yet, because there are millions.
 * @throws UnreadablePickle at the end of the source and for what is no instruction.
 */
export function readInstruction(source: ByteSource): Instruction | Promise<Instruction> {
  const read = decode(source.ready);
  if (typeof read !== "number") {
    source.advance(read.length);
    return read.skip === 0 ? read.instruction : skipRest(source, read);
  }
  return fillAndRead(source, read);
}

async function fillAndRead(source: ByteSource, needed: number): Promise<Instruction> {
  const before = source.ready.length;
  const isFilled = await source.fill(needed);
  if (!isFilled && source.ready.length === before) throw new UnreadablePickle("it ends before its STOP instruction");
  return readInstruction(source);
}

async function skipRest(source: ByteSource, { instruction, skip }: Decoded): Promise<Instruction> {
  if (!(await source.skip(skip))) throw new UnreadablePickle("it ends within a value");
  return instruction;
}

interface Decoded {
  readonly instruction: Instruction;
  /** Bytes of it that were ready. */
  readonly length: number;
  /** Bytes after those that belong to its value. */
  readonly skip: number;
}

/** @returns the number of bytes that are needed where there are too few. */
function decode(bytes: Buffer): Decoded | number {
  const opcode = bytes[0];
  if (opcode === undefined) return 1;
  const known = OPCODES.get(opcode);
  if (known === undefined) throw new UnreadablePickle(`0x${opcode.toString(16).padStart(2, "0")} is no instruction`);
  const [name, form] = known;
  return decodeArgument(bytes, name, form);
}

function decodeArgument(bytes: Buffer, name: string, form: ArgumentForm): Decoded | number {
  switch (form) {
    case "none":
      return done(1, { name });
    case "line":
    case "two lines":
      return decodeLines(bytes, name, form === "line" ? 1 : 2);
    case "text1":
    case "bytes1":
      return decodeSized(bytes, name, { lengthBytes: 1, isText: form === "text1" });
    case "text4":
    case "bytes4":
      return decodeSized(bytes, name, { lengthBytes: 4, isText: form === "text4" });
    case "text8":
    case "bytes8":
      return decodeSized(bytes, name, { lengthBytes: 8, isText: form === "text8" });
    default:
      return bytes.length < 1 + form ? 1 + form : done(1 + form, { name, number: numberAt(bytes, form) });
  }
}

function decodeLines(bytes: Buffer, name: string, count: number): Decoded | number {
  const lines: string[] = [];
  let from = 1;
  while (lines.length < count) {
    const end = bytes.indexOf(LINE_FEED, from);
    if (end === -1) {
      if (bytes.length > (count === 1 ? LONGEST_LINE : LONGEST_NAME)) throw new UnreadablePickle("a line is too long");
      return bytes.length * 2 + 64;
    }
    lines.push(bytes.toString("utf8", from, end));
    from = end + 1;
  }
  const [text = "", text2 = ""] = lines;
  return done(from, { name, text: count === 1 && text.length > LONGEST_TEXT ? null : text, text2 });
}

function decodeSized(
  bytes: Buffer,
  name: string,
  { lengthBytes, isText }: { readonly lengthBytes: 1 | 4 | 8; readonly isText: boolean },
): Decoded | number {
  const from = 1 + lengthBytes;
  if (bytes.length < from) return from;
  const size = numberAt(bytes, lengthBytes);
  if (!Number.isSafeInteger(size)) throw new UnreadablePickle("a value is larger than any file");
  if (!isText || size > LONGEST_TEXT) {
    const here = Math.min(bytes.length, from + size);
    return { ...done(here, { name, number: size, text: null }), skip: from + size - here };
  }
  return bytes.length < from + size
    ? from + size
    : done(from + size, { name, number: size, text: bytes.toString("utf8", from, from + size) });
}

function done(length: number, fields: Partial<Instruction> & Pick<Instruction, "name">): Decoded {
  const { name, number = 0, text = "", text2 = "" } = fields;
  return { instruction: { name, number, text, text2 }, length, skip: 0 };
}

function numberAt(bytes: Buffer, size: 1 | 2 | 4 | 8): number {
  return size === 8 ? Number(bytes.readBigUInt64LE(1)) : bytes.readUIntLE(1, size);
}
