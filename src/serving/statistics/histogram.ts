import type { MetricSample } from "../../model/ports/metrics.ts";

/** Counts of values by size. */
export class Histogram {
  readonly #bounds: readonly number[];
  /** One more than bounds: the last is for what is beyond all of them. */
  readonly #counts: Float64Array;
  #sum = 0;

  /** @param bounds - upper bounds, rising; a value equal to one is below it. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    let index = 0;
    while (index < this.#bounds.length && value > (this.#bounds[index] ?? Infinity)) index++;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#sum += value;
  }

  /** Adds what another histogram of the same bounds has counted. */
  add(other: Histogram): void {
    for (const [index, count] of other.#counts.entries()) this.#counts[index] = (this.#counts[index] ?? 0) + count;
    this.#sum += other.#sum;
  }

  samples(labels: MetricSample["labels"]): readonly MetricSample[] {
    let total = 0;
    const buckets = [...this.#bounds, Infinity].map((bound, index): MetricSample => {
      total += this.#counts[index] ?? 0;
      const le = bound === Infinity ? "+Inf" : String(bound);
      return { suffix: "_bucket", labels: { ...labels, le }, value: total };
    });
    return [...buckets, { suffix: "_sum", labels, value: this.#sum }, { suffix: "_count", labels, value: total }];
  }
}
