/** Counts of values in bins of equal width from `low` to `high`. */
export interface Histogram {
  readonly low: number;
  readonly high: number;
  readonly counts: readonly number[];
}

/** Null when there are no finite values. The highest value is in the last bin. */
export function histogramOf(values: Float64Array, binCount: number): Histogram | null {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return null;
  const counts = new Array<number>(low === high ? 1 : binCount).fill(0);
  // Halves, because the difference of two large values may not be a number.
  const width = high / 2 - low / 2;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    const share = width === 0 ? 0 : (value / 2 - low / 2) / width;
    const bin = Math.min(counts.length - 1, Math.floor(share * counts.length));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { low, high, counts };
}
