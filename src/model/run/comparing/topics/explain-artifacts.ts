import type { ModelFacts } from "../model-facts.ts";
import { decided, type ExplainedTopic } from "../topic.ts";

/** Which artifacts have other bytes. Names are compared without their folder where that is unambiguous. */
export function explainArtifacts(a: ModelFacts, b: ModelFacts): ExplainedTopic {
  const [left, right] = [byName(a.artifacts), byName(b.artifacts)];
  const names = [...new Set([...left.keys(), ...right.keys()])].sort();
  return decided(
    names.flatMap((name) => {
      const [one, other] = [left.get(name), right.get(name)];
      if (one === undefined) return [`${name} is only in ${b.label}`];
      if (other === undefined) return [`${name} is only in ${a.label}`];
      return one === other ? [] : [`${name} has other bytes (${one.slice(0, 12)} → ${other.slice(0, 12)})`];
    }),
  );
}

function byName(artifacts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const short = (path: string): string => path.replace(/^(models|artifacts\/output)\//, "");
  const names = [...artifacts.keys()].map(short);
  const isUnique = new Set(names).size === names.length;
  return isUnique ? new Map([...artifacts].map(([path, digest]) => [short(path), digest])) : artifacts;
}
