import { isJsonObject, type JsonValue } from "../../kernel/json.ts";
import type { OutputColumn } from "../definition/signature.ts";
import { isSameLabel, readNumber } from "./same-label.ts";

/**
 * What one prediction says for one output, or undefined when it does not say. A prediction may be
 * an object by output name, a list in the order of the outputs, or, with one output, the value itself.
 */
export function readOutput(
  prediction: JsonValue,
  output: OutputColumn,
  outputs: readonly OutputColumn[],
): JsonValue | undefined {
  if (isJsonObject(prediction) && Object.hasOwn(prediction, output.name)) return prediction[output.name];
  const isOnly = outputs.length === 1;
  if (isOnly && isDistribution(prediction, output)) return prediction;
  if (Array.isArray(prediction)) {
    const values = prediction as readonly JsonValue[];
    return values.length === outputs.length ? values[outputs.indexOf(output)] : undefined;
  }
  return isOnly && !isJsonObject(prediction) ? prediction : undefined;
}

/** True for one probability a class: a list over `classes`, or an object by class. */
function isDistribution(value: JsonValue, { kind, classes }: OutputColumn): boolean {
  if (kind !== "probability" || classes === undefined) return false;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).length === classes.length;
  return isJsonObject(value) && classes.every((label) => Object.hasOwn(value, String(label)));
}

/** The classes of an output, and the one of which a single number is the probability. */
export interface ClassChoice {
  readonly classes: OutputColumn["classes"];
  /** Of two; undefined where there is no such class. */
  readonly positive: JsonValue | undefined;
}

/**
 * The probability that an output gives to the class `truth`, or null when the output does not tell.
 * Where it is a single number, that of the positive class, the other of two has the rest.
 */
export function probabilityOf(
  value: JsonValue | undefined,
  truth: JsonValue,
  { classes, positive }: ClassChoice,
): number | null {
  if (Array.isArray(value) || isJsonObject(value)) {
    const label = classes?.find((candidate) => isSameLabel(candidate, truth));
    if (classes === undefined || label === undefined) return null;
    const share = Array.isArray(value) ? (value as readonly JsonValue[])[classes.indexOf(label)] : value[String(label)];
    return asProbability(share);
  }
  const share = asProbability(value);
  if (share === null || positive === undefined) return null;
  if (classes !== undefined && !classes.some((candidate) => isSameLabel(candidate, truth))) return null;
  return isSameLabel(truth, positive) ? share : 1 - share;
}

function asProbability(value: JsonValue | undefined): number | null {
  const number = readNumber(value);
  return number !== null && number >= 0 && number <= 1 ? number : null;
}
