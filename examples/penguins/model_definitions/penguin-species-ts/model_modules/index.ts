import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { FeatureEncoder, type Encoding } from "./feature-encoder.ts";
import { readPenguins, type Penguin } from "./penguin.ts";
import { SoftmaxRegression } from "./softmax-regression.ts";

interface DataConf {
  readonly train: string;
  readonly test: string;
}

interface ModelConf {
  readonly hyperParameters: { readonly C: number; readonly maxIterations: number; readonly tolerance: number };
}

/** What the tool tells about the run; there is more in it than is used here. */
interface Context {
  readonly modelsPath: string;
  readonly artifactOutputPath: string;
  progress(fields: Readonly<Record<string, unknown>>): void;
}

/** `models/model.json`: everything that scoring needs. */
interface StoredModel {
  readonly species: readonly string[];
  readonly encoding: Encoding;
  readonly weights: readonly (readonly number[])[];
}

interface Prediction {
  readonly species: string;
  /** In the order of the signature's classes. */
  readonly probabilities: readonly number[];
}

const MODEL_FILE = "model.json";

/** Trains on `dataConf.train` and writes models/model.json. */
export function train(dataConf: DataConf, modelConf: ModelConf, context: Context): void {
  const { penguins, species: labels } = readPenguins(dataConf.train);
  const species = [...new Set(labels)].sort();
  const encoder = FeatureEncoder.fit(penguins);
  const model = SoftmaxRegression.fit(
    penguins.map((penguin) => encoder.encode(penguin)),
    labels.map((label) => species.indexOf(label)),
    species.length,
    { ...modelConf.hyperParameters, onProgress: (iteration, loss) => context.progress({ iteration, loss }) },
  );
  const stored: StoredModel = {
    species,
    encoding: encoder.encoding,
    weights: model.weights.map((row) => [...row]),
  };
  writeFileSync(join(context.modelsPath, MODEL_FILE), JSON.stringify(stored));
  console.log(`Trained on ${penguins.length} penguins.`);
}

/** Evaluates the trained model on `dataConf.test` and writes artifacts/output/metrics.json. */
export function evaluate(dataConf: DataConf, modelConf: ModelConf, context: Context): void {
  const { penguins, species } = readPenguins(dataConf.test);
  const scorer = new ModelScorer(modelConf, context);
  const predictions = scorer.predict(penguins);
  const hits = predictions.filter((prediction, index) => prediction.species === species[index]).length;
  const losses = predictions.map(
    ({ probabilities }, index) => -Math.log(probabilities[scorer.classOf(species[index])] ?? 0),
  );
  const metrics = {
    accuracy: hits / predictions.length,
    log_loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
  };
  writeFileSync(join(context.artifactOutputPath, "metrics.json"), JSON.stringify(metrics, null, 2));
}

/** Answers penguins with their species and the probability of each. */
export class ModelScorer {
  readonly #species: readonly string[];
  readonly #encoder: FeatureEncoder;
  readonly #model: SoftmaxRegression;

  constructor(_config: ModelConf, context: Context) {
    const stored = JSON.parse(readFileSync(join(context.modelsPath, MODEL_FILE), "utf8")) as StoredModel;
    this.#species = stored.species;
    this.#encoder = new FeatureEncoder(stored.encoding);
    this.#model = new SoftmaxRegression(stored.weights);
  }

  predict(rows: readonly Penguin[]): Prediction[] {
    return rows.map((row) => {
      const probabilities = this.#model.predict(this.#encoder.encode(row));
      const best = probabilities.indexOf(Math.max(...probabilities));
      return { species: this.#species[best] ?? "", probabilities };
    });
  }

  /** Place of a species among the probabilities; -1 for one that was not trained on. */
  classOf(species: string | undefined): number {
    return species === undefined ? -1 : this.#species.indexOf(species);
  }
}
