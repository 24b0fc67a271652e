import type { Workspace } from "./workspace.ts";

/** What decides a benchmark, computed in each round from what was measured side by side. */
export type Bound =
  /** ours ÷ peer */
  | { readonly compare: "ratio"; readonly atMost: number }
  | { readonly compare: "ratio"; readonly atLeast: number }
  /** ours − peer */
  | { readonly compare: "difference"; readonly atMost: number }
  /** ours alone */
  | { readonly compare: "value"; readonly atMost: number };

export type Unit = "ms" | "requests/s";

/** What was measured side by side. */
export interface Round {
  readonly ours: number;
  /** Null where ours is compared with nothing. */
  readonly peer: number | null;
}

/** The two sides, ready to be measured again and again. */
export type Sides =
  | {
      readonly ours: () => Promise<number>;
      /** Null where ours is compared with nothing. */
      readonly peer: (() => Promise<number>) | null;
    }
  /** Sides that take turns within a round. */
  | { readonly inTurn: () => Promise<Round> };

export interface Benchmark {
  /** As it is typed. */
  readonly name: string;
  /** What is measured, in a few words. */
  readonly title: string;
  /** What it is compared with, in a few words. */
  readonly peer: string;
  readonly unit: Unit;
  readonly bound: Bound;
  /** Rounds unless told otherwise: more where one measurement is short. */
  readonly rounds: number;
  /** Makes everything ready, and checks that both sides do the same work. */
  readonly prepare: (workspace: Workspace) => Promise<Sides>;
}

/** Whether a value keeps a bound. */
export function isWithin(bound: Bound, value: number): boolean {
  return "atMost" in bound ? value <= bound.atMost : value >= bound.atLeast;
}
