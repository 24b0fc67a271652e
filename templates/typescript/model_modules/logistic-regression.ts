export interface LogisticModel {
  readonly weights: readonly number[];
}

export interface FitOptions {
  readonly learningRate: number;
  readonly iterations: number;
}

const PROGRESS_EVERY = 200;

/** Logistic regression by gradient descent on the mean loss. Deterministic: it begins at zero. */
export function fitLogistic(
  vectors: readonly (readonly number[])[],
  labels: readonly number[],
  { learningRate, iterations }: FitOptions,
  onProgress: (iteration: number, loss: number) => void,
): LogisticModel {
  let weights = (vectors[0] ?? []).map(() => 0);
  for (let iteration = 1; iteration <= iterations; iteration++) {
    const gradient = weights.map(() => 0);
    let loss = 0;
    vectors.forEach((vector, row) => {
      const guess = probability({ weights }, vector);
      loss -= Math.log(labels[row] === 1 ? guess : 1 - guess) / vectors.length;
      vector.forEach((value, place) => (gradient[place] += ((guess - labels[row]) * value) / vectors.length));
    });
    weights = weights.map((weight, place) => weight - learningRate * gradient[place]);
    if (iteration % PROGRESS_EVERY === 0) onProgress(iteration, loss);
  }
  return { weights };
}

/** Probability of label 1. */
export function probability({ weights }: LogisticModel, vector: readonly number[]): number {
  const score = weights.reduce((sum, weight, place) => sum + weight * vector[place], 0);
  return 1 / (1 + Math.exp(-score));
}
