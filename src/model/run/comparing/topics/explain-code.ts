import type { ModelFacts } from "../model-facts.ts";
import { decided, unknown, type ExplainedTopic } from "../topic.ts";

/** Which code files were changed, added and removed. */
export function explainCode(a: ModelFacts, b: ModelFacts): ExplainedTopic {
  if (a.codeFiles !== null && b.codeFiles !== null) return explainKept(a, b, [a.codeFiles, b.codeFiles]);
  const keepless = [a, b].filter(({ codeFiles }) => codeFiles === null).map(({ label }) => label);
  const reason = `the code of ${keepless.join(" and ")} was not kept or cannot be found, so files cannot be named`;
  if (a.definitionDigest === null || b.definitionDigest === null) return unknown(reason);
  return a.definitionDigest === b.definitionDigest ? decided([]) : decided([`it differs; ${reason}`]);
}

/** Files that are not kept are told as such: what a checkout has in their place says nothing about them. */
function explainKept(
  a: ModelFacts,
  b: ModelFacts,
  [one, other]: readonly [ReadonlyMap<string, string>, ReadonlyMap<string, string>],
): ExplainedTopic {
  const notKept = new Set([...a.notKept, ...b.notKept]);
  const names = [...notKept].sort().join(", ");
  if (names === "") return decided(explainFiles(one, other));
  if (a.definitionDigest !== null && a.definitionDigest === b.definitionDigest) return decided([]);
  const known = (files: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
    new Map([...files].filter(([path]) => !notKept.has(path)));
  const sentences = explainFiles(known(one), known(other));
  if (sentences.length > 0) return decided([...sentences, `not kept, so perhaps changed: ${names}`]);
  if (a.definitionDigest === null || b.definitionDigest === null) return unknown(`not kept: ${names}`);
  return decided([`it differs in what was not kept: ${names}`]);
}

/** Differences of two lists of files, by digest. */
export function explainFiles(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...a.keys(), ...b.keys()])].sort().flatMap((path) => {
    const [one, other] = [a.get(path), b.get(path)];
    if (one === undefined) return [`${path} was added`];
    if (other === undefined) return [`${path} was removed`];
    return one === other ? [] : [`${path} was changed`];
  });
}
