import type { JsonValue } from "../../../kernel/json.ts";
import { isSameLabel } from "../same-label.ts";

/** Numbers the classes that occur, so that rows can be counted in typed arrays. Labels are the same as `isSameLabel` says. */
export class ClassIndex {
  readonly #labels: JsonValue[] = [];
  readonly #exact = new Map<JsonValue, number>();
  /** Labels that may be the same as one of another type, by what they say as a number. */
  readonly #alike = new Map<string, number[]>();

  constructor(declared: readonly JsonValue[]) {
    for (const label of declared) this.indexOf(label);
  }

  get labels(): readonly JsonValue[] {
    return this.#labels;
  }

  /** The number of a class; a new one is added. */
  indexOf(label: JsonValue): number {
    const known = this.#exact.get(label);
    if (known !== undefined) return known;
    const index = this.#findAlike(label) ?? this.#labels.push(label) - 1;
    this.#exact.set(label, index);
    return index;
  }

  #findAlike(label: JsonValue): number | undefined {
    const keys = likenesses(label);
    for (const key of keys) {
      const found = this.#alike.get(key)?.find((index) => isSameLabel(this.#labels[index] ?? null, label));
      if (found !== undefined) return found;
    }
    for (const key of keys) this.#alike.set(key, [...(this.#alike.get(key) ?? []), this.#labels.length]);
    return undefined;
  }
}

/** Two labels of different types are the same only when they share one of these. */
function likenesses(label: JsonValue): readonly string[] {
  if (typeof label === "number") return [String(label)];
  if (typeof label === "boolean") return [String(label), String(Number(label))];
  if (typeof label !== "string") return [];
  const text = label.trim().toLowerCase();
  if (text === "true" || text === "false") return [text];
  return text === "" || Number.isNaN(Number(text)) ? [] : [String(Number(text))];
}
