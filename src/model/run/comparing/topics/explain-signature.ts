import type { JsonObject } from "../../../../kernel/json.ts";
import type { Signature } from "../../../definition/signature.ts";
import { explainValues } from "./explain-values.ts";

/** Which columns and outputs were added, removed or changed. */
export function explainSignature(a: Signature | null, b: Signature | null): readonly string[] {
  if (a === null || b === null) return a === b ? [] : [a === null ? "the second has one" : "only the first has one"];
  const extra = { onExtra: a.onExtra ?? "ignore" };
  return [
    ...explainNamed("column", a.columns, b.columns),
    ...explainNamed("output", a.outputs, b.outputs),
    ...explainValues(extra, { onExtra: b.onExtra ?? "ignore" }),
  ];
}

function explainNamed(
  what: "column" | "output",
  a: readonly { readonly name: string }[],
  b: readonly { readonly name: string }[],
): readonly string[] {
  const [left, right] = [byName(a), byName(b)];
  const names = [...new Set([...left.keys(), ...right.keys()])];
  const differences = names.flatMap((name) => {
    const [one, other] = [left.get(name), right.get(name)];
    if (one === undefined) return [`${what} ${name} was added`];
    if (other === undefined) return [`${what} ${name} was removed`];
    return explainValues(one, other).map((sentence) => `${what} ${name}, ${sentence}`);
  });
  const isMoved = differences.length === 0 && [...left.keys()].join("\n") !== [...right.keys()].join("\n");
  return isMoved ? [`the ${what}s are in another order`] : differences;
}

/** Columns are plain JSON; the interface only lacks the index. */
function byName(items: readonly { readonly name: string }[]): ReadonlyMap<string, JsonObject> {
  return new Map(items.map((item) => [item.name, JSON.parse(JSON.stringify(item)) as JsonObject]));
}
