import { canonicalJson, isJsonObject, type JsonObject, type JsonValue } from "../../../../kernel/json.ts";

const MAX_VALUE = 60;

/**
 * What differs between two objects, leaf by leaf: `hyperParameters.depth: 3 → 4 (+1)`.
 * @param isMeasured - false where the distance of two numbers says nothing, as of seeds.
 */
export function explainValues(a: JsonObject, b: JsonObject, isMeasured = true): readonly string[] {
  const [left, right] = [leaves(a), leaves(b)];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((name) => {
    const [one, other] = [left.get(name), right.get(name)];
    if (one === undefined) return [`${name}: only in the second, ${text(other ?? null)}`];
    if (other === undefined) return [`${name}: only in the first, ${text(one)}`];
    return canonicalJson(one) === canonicalJson(other) ? [] : [`${name}: ${change(one, other, isMeasured)}`];
  });
}

/** `3 → 4 (+1)`. */
function change(one: JsonValue, other: JsonValue, isMeasured: boolean): string {
  const [a, b] = [numberOf(one), numberOf(other)];
  const arrow = `${text(one)} → ${text(other)}`;
  if (!isMeasured || a === null || b === null || a === b) return arrow;
  const gap = Number((b - a).toPrecision(3));
  return `${arrow} (${gap > 0 ? "+" : ""}${gap})`;
}

/** Leaves of nested objects by their path; lists are leaves. */
function leaves(value: JsonValue, path = ""): Map<string, JsonValue> {
  if (!isJsonObject(value) || (path !== "" && Object.keys(value).length === 0)) return new Map([[path, value]]);
  return new Map(
    Object.entries(value).flatMap(([key, field]) => [...leaves(field, path === "" ? key : `${path}.${key}`)]),
  );
}

/** Metrics may be numeric text. */
function numberOf(value: JsonValue): number | null {
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : null;
}

function text(value: JsonValue): string {
  if (typeof value === "number") return String(Number(value.toPrecision(6)));
  const whole = typeof value === "string" ? value : JSON.stringify(value);
  return whole.length > MAX_VALUE ? `${whole.slice(0, MAX_VALUE - 1)}…` : whole;
}
