/**
 * When a package is installed: alternatives, each of which is a list of markers that must all hold. `[[]]` is always.
 */
export type Condition = readonly (readonly string[])[];

export const ALWAYS: Condition = [[]];

/** More alternatives than that say no more than "always" does, and take long to evaluate. */
const MAX_ALTERNATIVES = 64;

/** The condition and the marker. */
export function withMarker(condition: Condition, marker: string): Condition {
  if (marker === "") return condition;
  return tidy(condition.map((all) => (all.includes(marker) ? all : [...all, marker].sort())));
}

/** Either condition. */
export function eitherCondition(a: Condition, b: Condition): Condition {
  return tidy([...a, ...b]);
}

/** True when both say the same in the same words. */
export function isSameCondition(a: Condition, b: Condition): boolean {
  return textOf(a) === textOf(b);
}

/** The marker of PEP 508; empty: always. */
export function textOf(condition: Condition): string {
  if (condition.some((all) => all.length === 0)) return "";
  const alternatives = condition.map((all) => all.map((marker) => `(${marker})`).join(" and "));
  return alternatives.length === 1 ? (alternatives[0] ?? "") : alternatives.map((one) => `(${one})`).join(" or ");
}

/** Without alternatives that another one covers. */
function tidy(condition: Condition): Condition {
  const covers = (a: readonly string[], b: readonly string[]): boolean => a.every((marker) => b.includes(marker));
  const kept = condition.filter(
    (all, index) =>
      !condition.some((other, at) => at !== index && covers(other, all) && (at < index || !covers(all, other))),
  );
  return kept.length > MAX_ALTERNATIVES ? ALWAYS : [...kept].sort((a, b) => (a.join() < b.join() ? -1 : 1));
}
