import { ByteSource } from "./byte-source.ts";
import { Findings, type FoundUses } from "./findings.ts";
import { describeArray, isArrayWrapper, skipArray, type JoblibArray } from "./joblib-array.ts";
import { PickleMachine } from "./pickle-machine.ts";
import { readInstruction, UnreadablePickle } from "./read-instruction.ts";
import { describe, type ObjectSymbol } from "./symbols.ts";

/** What pickles would do when they are opened, told without opening them. */
export interface PickleScan extends FoundUses {
  /** How many stand one after the other, those within arrays of joblib apart. */
  readonly pickles: number;
  readonly protocol: number;
  /** What the first one gives, in a few words; null where it does not end. */
  readonly object: string | null;
  /** What only running it would tell, and what changes something that is imported. */
  readonly suspicions: readonly string[];
  /**
   * What readers would do that take the bytes of joblib's arrays for instructions: pickle itself does. Numbers make up names
   * that are not there, so these count only where they are dangerous.
   */
  readonly hidden: FoundUses;
  readonly arrays: readonly JoblibArray[];
  /** Objects that whoever opens it must bring, as in files of PyTorch. */
  readonly persistentIds: number;
  /** Bytes after the last pickle that are none. */
  readonly trailingBytes: number;
  /** Why it could not be followed to its end. */
  readonly problem: string | null;
}

/** Opens the bytes anew: they may be read twice. */
export type OpenPieces = () => AsyncIterable<Buffer>;

const MOST_INSTRUCTIONS = 50_000_000;
const MOST_ARRAYS_LISTED = 1_000;

/**
 * Follows every pickle in a sequence of bytes. Bytes of arrays are skipped, as joblib would; because other readers would take
 * them for instructions, they are followed as such, too.
 */
export async function scanPickle(open: OpenPieces): Promise<PickleScan> {
  const scan = await new Scanner(true).run(open);
  if (scan.arrays.length === 0) return scan.result();
  const { findings } = await new Scanner(false).run(open);
  return { ...scan.result(), hidden: findings.beyond(scan.findings) };
}

class Scanner {
  readonly findings = new Findings();
  readonly arrays: JoblibArray[] = [];
  readonly #asJoblib: boolean;
  #instructions = 0;
  #protocol = 0;
  #persistentIds = 0;
  #pickles = 0;
  #object: string | null = null;
  #trailingBytes = 0;
  #problem: string | null = null;

  constructor(asJoblib: boolean) {
    this.#asJoblib = asJoblib;
  }

  async run(open: OpenPieces): Promise<this> {
    const source = new ByteSource(open());
    try {
      await this.#followAll(source);
    } catch (error) {
      if (!(error instanceof UnreadablePickle)) throw error;
      this.#problem = `${error.message} (at byte ${source.position})`;
    } finally {
      await source.close();
    }
    return this;
  }

  result(): PickleScan {
    const { imports, calls, suspicions } = this.findings;
    return {
      pickles: this.#pickles,
      protocol: this.#protocol,
      object: this.#object,
      imports,
      calls,
      suspicions,
      hidden: { imports: [], calls: [] },
      arrays: this.arrays,
      persistentIds: this.#persistentIds,
      trailingBytes: this.#trailingBytes,
      problem: this.#problem,
    };
  }

  async #followAll(source: ByteSource): Promise<void> {
    for (;;) {
      const start = source.position;
      try {
        await this.#follow(source, { depth: 0, asJoblib: this.#asJoblib });
      } catch (error) {
        if (!(error instanceof UnreadablePickle) || this.#pickles === 0) throw error;
        // Whatever follows a whole pickle is not read by whoever loads one.
        await source.skip(Number.MAX_SAFE_INTEGER);
        this.#trailingBytes = source.position - start;
        return;
      }
      this.#pickles++;
      if (!(await source.fill(1))) return;
    }
  }

  async #follow(
    source: ByteSource,
    { depth, asJoblib }: { readonly depth: 0 | 1; readonly asJoblib: boolean },
  ): Promise<void> {
    const machine = new PickleMachine(this.findings);
    try {
      while (machine.result === null) {
        const read = readInstruction(source);
        const built = machine.step(read instanceof Promise ? await read : read);
        if (++this.#instructions > MOST_INSTRUCTIONS)
          throw new UnreadablePickle(`it has more than ${MOST_INSTRUCTIONS} instructions`);
        if (built === null || !asJoblib || !isArrayWrapper(built)) continue;
        await this.#passArray(source, built);
        machine.replaceTop({ kind: "plain", what: "an array" });
      }
      if (depth === 0) this.#object ??= describe(machine.result);
    } finally {
      this.#protocol = Math.max(this.#protocol, machine.protocol);
      this.#persistentIds += machine.persistentIds;
    }
  }

  async #passArray(source: ByteSource, wrapper: ObjectSymbol): Promise<void> {
    const array = describeArray(wrapper);
    if (this.arrays.length < MOST_ARRAYS_LISTED) this.arrays.push(array);
    // joblib has pickle itself read an array of objects.
    if (array.holdsObjects) await this.#follow(source, { depth: 1, asJoblib: false });
    else await skipArray(source, array);
  }
}
