import type { LabelScores } from "../scores/label-scores.ts";

/** How often each class was answered with each: `counts[true][predicted]`. */
export interface ConfusionMatrix {
  readonly labels: readonly string[];
  readonly counts: readonly (readonly number[])[];
}

/** More would be too small to read. The rarer classes are put together. */
const MAX_CLASSES = 15;

/** Source: scikit-learn, `confusion_matrix`. Classes that never occur are left out. */
export function confusionMatrix({ classes, truth, predicted }: LabelScores): ConfusionMatrix {
  const frequency = new Float64Array(classes.length);
  for (const list of [truth, predicted]) for (const index of list) frequency[index] = (frequency[index] ?? 0) + 1;
  const occurring = [...frequency.keys()].filter((index) => (frequency[index] ?? 0) > 0);
  const shown =
    occurring.length <= MAX_CLASSES
      ? occurring
      : occurring
          .toSorted((a, b) => (frequency[b] ?? 0) - (frequency[a] ?? 0))
          .slice(0, MAX_CLASSES - 1)
          .toSorted((a, b) => a - b);
  const places = new Map(shown.map((index, place) => [index, place]));
  const labels = shown.map((index) => labelText(classes[index] ?? null));
  if (shown.length < occurring.length) labels.push(`${occurring.length - shown.length} others`);
  const counts = labels.map(() => labels.map(() => 0));
  for (const [row, index] of truth.entries()) {
    const [y, x] = [index, predicted[row] ?? 0].map((one) => places.get(one) ?? shown.length) as [number, number];
    const line = counts[y];
    if (line !== undefined) line[x] = (line[x] ?? 0) + 1;
  }
  return { labels, counts };
}

/** A class as people read it. */
export function labelText(label: unknown): string {
  return typeof label === "string" ? label : JSON.stringify(label);
}
