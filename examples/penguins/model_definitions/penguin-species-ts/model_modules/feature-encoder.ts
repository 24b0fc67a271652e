import { CATEGORIES, NUMBERS, type Penguin } from "./penguin.ts";

interface NumberScale {
  /** Stands in for a missing value. */
  readonly median: number;
  readonly mean: number;
  readonly deviation: number;
}

interface CategoryCode {
  /** Stands in for a missing value. */
  readonly mostFrequent: string;
  readonly values: readonly string[];
}

/** What was learned about the columns; plain data, so that it can be stored as JSON. */
export interface Encoding {
  readonly numbers: readonly NumberScale[];
  readonly categories: readonly CategoryCode[];
}

/** Turns penguins into vectors: standardised numbers, then one place for each category, then a 1 for the intercept. */
export class FeatureEncoder {
  readonly encoding: Encoding;
  /** Length of a vector. */
  readonly width: number;

  constructor(encoding: Encoding) {
    this.encoding = encoding;
    this.width = encoding.numbers.length + encoding.categories.reduce((sum, { values }) => sum + values.length, 0) + 1;
  }

  static fit(penguins: readonly Penguin[]): FeatureEncoder {
    return new FeatureEncoder({
      numbers: NUMBERS.map((name) => fitNumber(penguins.map((penguin) => penguin[name]))),
      categories: CATEGORIES.map((name) => fitCategory(penguins.map((penguin) => penguin[name]))),
    });
  }

  /** A category that was never seen leaves its places at 0. */
  encode(penguin: Penguin): Float64Array {
    const vector = new Float64Array(this.width);
    let place = 0;
    for (const { median, mean, deviation } of this.encoding.numbers) {
      // Integers that a number cannot hold exactly come as bigint.
      const value = Number(penguin[NUMBERS[place]] ?? median);
      vector[place++] = (value - mean) / deviation;
    }
    for (let index = 0; index < CATEGORIES.length; index++) {
      const { mostFrequent, values } = this.encoding.categories[index];
      const found = values.indexOf(penguin[CATEGORIES[index]] ?? mostFrequent);
      if (found !== -1) vector[place + found] = 1;
      place += values.length;
    }
    vector[place] = 1;
    return vector;
  }
}

function fitNumber(values: readonly (number | null)[]): NumberScale {
  const seen = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (seen.length === 0) throw new Error("A column has no value at all.");
  const middle = seen.length / 2;
  const median = (seen[Math.ceil(middle) - 1] + seen[Math.floor(middle)]) / 2;
  const filled = values.map((value) => value ?? median);
  const mean = filled.reduce((sum, value) => sum + value, 0) / filled.length;
  const variance = filled.reduce((sum, value) => sum + (value - mean) ** 2, 0) / filled.length;
  // A constant column tells nothing; dividing by 1 leaves it at 0.
  return { median, mean, deviation: Math.sqrt(variance) || 1 };
}

function fitCategory(values: readonly (string | null)[]): CategoryCode {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  const names = [...counts.keys()].sort();
  const most = Math.max(...counts.values());
  const mostFrequent = names.find((name) => counts.get(name) === most);
  if (mostFrequent === undefined) throw new Error("A column has no value at all.");
  return { mostFrequent, values: names };
}
