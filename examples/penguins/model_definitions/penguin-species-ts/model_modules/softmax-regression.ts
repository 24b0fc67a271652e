export interface FitOptions {
  /** Inverse strength of the penalty on the weights, as in scikit-learn: smaller is simpler. */
  readonly C: number;
  readonly maxIterations: number;
  /** Training ends when no part of the gradient is larger. */
  readonly tolerance: number;
  onProgress(iteration: number, loss: number): void;
}

const PROGRESS_EVERY = 100;

/**
 * Multinomial logistic regression. Minimises ½‖W‖² + C·Σ −log p(class | x), the last weight of each class (the intercept)
 * not penalised, by Nesterov's accelerated gradient method with restarts (O'Donoghue and Candès, 2015).
 * Deterministic: it begins at zero and draws nothing at random.
 */
export class SoftmaxRegression {
  /** One row of weights for each class. */
  readonly weights: readonly Float64Array[];

  constructor(weights: readonly ArrayLike<number>[]) {
    this.weights = weights.map((row) => Float64Array.from(row));
  }

  static fit(
    vectors: readonly Float64Array[],
    labels: readonly number[],
    classCount: number,
    options: FitOptions,
  ): SoftmaxRegression {
    const width = vectors[0]?.length ?? 0;
    const zeros = (): Float64Array[] => Array.from({ length: classCount }, () => new Float64Array(width));
    const step = 1 / curvatureBound(vectors, options.C);
    const gradient = zeros();
    let current = zeros();
    let ahead = zeros();
    let momentum = 1;
    for (let iteration = 1; iteration <= options.maxIterations; iteration++) {
      const loss = computeGradient(ahead, vectors, labels, options.C, gradient);
      if (iteration % PROGRESS_EVERY === 0) options.onProgress(iteration, loss);
      if (largest(gradient) < options.tolerance) break;
      const next = combine(ahead, gradient, -step);
      const change = combine(next, current, -1);
      // Momentum that points uphill is given up.
      if (dot(gradient, change) > 0) momentum = 1;
      const nextMomentum = (1 + Math.sqrt(1 + 4 * momentum ** 2)) / 2;
      ahead = combine(next, change, (momentum - 1) / nextMomentum);
      current = next;
      momentum = nextMomentum;
    }
    return new SoftmaxRegression(ahead);
  }

  /** Probabilities of the classes, in their order. */
  predict(vector: Float64Array): number[] {
    return softmax(this.weights.map((row) => dotRow(row, vector)));
  }
}

function softmax(scores: readonly number[]): number[] {
  const top = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - top));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** Writes the gradient into `gradient` and returns the loss. */
function computeGradient(
  weights: readonly Float64Array[],
  vectors: readonly Float64Array[],
  labels: readonly number[],
  C: number,
  gradient: readonly Float64Array[],
): number {
  let loss = 0;
  weights.forEach((row, index) => {
    const target = gradient[index];
    target.set(row);
    target[target.length - 1] = 0;
    loss += dotRow(target, target) / 2;
  });
  vectors.forEach((vector, index) => {
    const probabilities = softmax(weights.map((row) => dotRow(row, vector)));
    const label = labels[index];
    loss -= C * Math.log(probabilities[label]);
    probabilities.forEach((probability, at) => {
      addScaled(gradient[at], vector, C * (probability - (at === label ? 1 : 0)));
    });
  });
  return loss;
}

/** The gradient changes at most this fast: the Hessian of the softmax is at most ½, and the trace bounds the spectrum. */
function curvatureBound(vectors: readonly Float64Array[], C: number): number {
  return 1 + (C / 2) * vectors.reduce((sum, vector) => sum + dotRow(vector, vector), 0);
}

/** a + factor · b */
function combine(a: readonly Float64Array[], b: readonly Float64Array[], factor: number): Float64Array[] {
  return a.map((row, index) => {
    const result = row.slice();
    addScaled(result, b[index], factor);
    return result;
  });
}

function addScaled(target: Float64Array, row: Float64Array, factor: number): void {
  for (let at = 0; at < target.length; at++) target[at] += factor * row[at];
}

function dotRow(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at] * b[at];
  return sum;
}

function dot(a: readonly Float64Array[], b: readonly Float64Array[]): number {
  return a.reduce((sum, row, index) => sum + dotRow(row, b[index]), 0);
}

function largest(matrix: readonly Float64Array[]): number {
  return Math.max(...matrix.map((row) => row.reduce((most, value) => Math.max(most, Math.abs(value)), 0)));
}
