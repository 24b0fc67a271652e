import type { JsonObject } from "../../kernel/json.ts";
import type { CallForm } from "../../pickles/findings.ts";
import type { Verdict } from "../../pickles/policy/judge-import.ts";

/** An array in a file. */
export interface InspectedArray {
  /** Empty where a file holds one array. */
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** What a pickle would do when it is opened. */
export interface InspectedPickle {
  /** Where it stands in the file; null: it is the file. */
  readonly member: string | null;
  readonly protocol: number;
  /** How many stand one after the other. */
  readonly count: number;
  /** What opening it gives, in a few words. */
  readonly object: string | null;
  readonly imports: readonly {
    readonly module: string;
    readonly name: string;
    readonly count: number;
    readonly verdict: Verdict;
  }[];
  readonly calls: readonly {
    readonly callee: string;
    readonly form: CallForm;
    readonly arguments: string;
    readonly count: number;
    readonly verdict: Verdict;
  }[];
  /** What only running it would tell. */
  readonly suspicions: readonly string[];
  readonly persistentIds: number;
  readonly trailingBytes: number;
  /** Why it could not be followed to its end. */
  readonly problem: string | null;
  readonly verdict: Verdict;
}

/** What a file is and what opening it would do, told without opening it. */
export interface Inspection {
  /** As it was given. */
  readonly path: string;
  readonly format: string;
  /** How the whole file is compressed; null when it is not. */
  readonly compression: string | null;
  readonly sizeBytes: number;
  /** What the format tells about itself: versions, numbers of things. */
  readonly about: JsonObject;
  readonly arrays: readonly InspectedArray[];
  readonly pickles: readonly InspectedPickle[];
  /** The worst of the pickles; null for a file without any. */
  readonly verdict: Verdict | null;
}

/** What a look into one format finds. */
export type Contents = Pick<Inspection, "format"> &
  Partial<Pick<Inspection, "about" | "arrays" | "pickles" | "compression">>;

const ORDER: readonly Verdict[] = ["allowed", "unknown", "dangerous"];

/** The worst of some verdicts; null of none. */
export function worstOf(verdicts: readonly Verdict[]): Verdict | null {
  return ORDER.findLast((verdict) => verdicts.includes(verdict)) ?? null;
}
