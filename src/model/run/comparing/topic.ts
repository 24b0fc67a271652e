/** One topic of two models in words. */
export interface ExplainedTopic {
  /** `unknown`: one of the two does not record it. */
  readonly state: "same" | "different" | "unknown";
  /** What is different, each without a full stop; of an unknown topic why. */
  readonly sentences: readonly string[];
}

/** A topic of which everything is known: what is different, or nothing. */
export function decided(sentences: readonly string[]): ExplainedTopic {
  return { state: sentences.length === 0 ? "same" : "different", sentences };
}

export function unknown(reason: string): ExplainedTopic {
  return { state: "unknown", sentences: [reason] };
}
