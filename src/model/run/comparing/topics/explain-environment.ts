import type { ModelFacts } from "../model-facts.ts";
import { decided, unknown, type ExplainedTopic } from "../topic.ts";

/** Which packages and which interpreter differ. */
export function explainEnvironment(
  { environment: a, label: first }: ModelFacts,
  { environment: b, label: second }: ModelFacts,
): ExplainedTopic {
  if (a === null || b === null) return unknown(`the environment of ${a === null ? first : second} is not known`);
  if (a.digest === b.digest) return decided([]);
  const interpreter = a.interpreter === b.interpreter ? [] : [`${a.interpreter} → ${b.interpreter}`];
  const sentences = [...interpreter, ...explainPackages(a.packages, b.packages)];
  return decided(
    sentences.length > 0
      ? sentences
      : ["packages and interpreter are the same, but they are in another place or build"],
  );
}

function explainPackages(a: readonly string[], b: readonly string[]): readonly string[] {
  const [left, right] = [new Map(a.map(splitPackage)), new Map(b.map(splitPackage))];
  return [...new Set([...left.keys(), ...right.keys()])].sort().flatMap((name) => {
    const [one, other] = [left.get(name), right.get(name)];
    if (one === undefined) return [`${name} ${other ?? ""} was added`];
    if (other === undefined) return [`${name} ${one} was removed`];
    return one === other ? [] : [`${name} ${one} → ${other}`];
  });
}

/** `name==version`, or a direct reference `name @ address`. */
function splitPackage(line: string): readonly [string, string] {
  const [, name, version] = /^([\w.-]+) ?(?:==|@) ?(.+)$/.exec(line) ?? [];
  return name === undefined || version === undefined ? [line, ""] : [name, version];
}
