import { explainArtifacts } from "./topics/explain-artifacts.ts";
import { explainCode } from "./topics/explain-code.ts";
import { explainData } from "./topics/explain-data.ts";
import { explainEnvironment } from "./topics/explain-environment.ts";
import { explainSignature } from "./topics/explain-signature.ts";
import { explainValues } from "./topics/explain-values.ts";
import type { ModelFacts } from "./model-facts.ts";
import { decided, unknown, type ExplainedTopic } from "./topic.ts";

export type { ExplainedTopic } from "./topic.ts";

export const DIFFERENCE_TOPICS = [
  "code",
  "parameters",
  "data",
  "environment",
  "seeds",
  "machine",
  "metrics",
  "signature",
  "artifacts",
] as const;
export type DifferenceTopic = (typeof DIFFERENCE_TOPICS)[number];

/** How two models came to be, side by side in words: `a → b`. */
export type ExplainedDifferences = Readonly<Record<DifferenceTopic, ExplainedTopic>>;

/** Facts of the machine that may change numbers. */
const MACHINE_FACTS = ["architecture", "processor", "cores", "threads", "node", "modelwright"];

/** Says in words how two models differ in what they were made from, and in what came out. */
export function explainDifferences(a: ModelFacts, b: ModelFacts): ExplainedDifferences {
  const seeds = a.seeds === null || b.seeds === null ? null : explainValues(a.seeds, b.seeds, false);
  return {
    code: explainCode(a, b),
    parameters: decided(explainValues(a.parameters, b.parameters)),
    data: explainData(a, b),
    environment: explainEnvironment(a, b),
    seeds: seeds === null ? unknown("the seeds of one of the two are not known") : decided(seeds),
    machine: decided(explainValues(pick(a.machine, b.machine), pick(b.machine, a.machine), false)),
    metrics: decided(explainValues(a.metrics, b.metrics)),
    signature:
      a.signature === undefined || b.signature === undefined
        ? unknown("the signature of one of the two is not known")
        : decided(explainSignature(a.signature, b.signature)),
    artifacts: explainArtifacts(a, b),
  };
}

/** A version records less about its machine than a run. */
function pick(own: ModelFacts["machine"], other: ModelFacts["machine"]): ModelFacts["machine"] {
  const names = MACHINE_FACTS.filter((name) => own[name] !== undefined && other[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, own[name] ?? null]));
}
