import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { encode, readCustomers, type Customer } from "./customer.ts";
import { fitLogistic, probability, type LogisticModel } from "./logistic-regression.ts";

interface DataConf {
  readonly train: string;
  readonly test: string;
}

interface ModelConf {
  readonly hyperParameters: { readonly learningRate: number; readonly iterations: number };
}

interface Context {
  readonly modelsPath: string;
  readonly artifactOutputPath: string;
  progress(fields: Readonly<Record<string, unknown>>): void;
}

/** Trains on `dataConf.train`. What is written to models/ is the trained model. */
export function train(dataConf: DataConf, modelConf: ModelConf, context: Context): void {
  const { customers, churned } = readCustomers(dataConf.train);
  const model = fitLogistic(customers.map(encode), churned, modelConf.hyperParameters, (iteration, loss) =>
    context.progress({ iteration, loss }),
  );
  writeFileSync(join(context.modelsPath, "model.json"), JSON.stringify(model));
}

/** Evaluates the trained model on `dataConf.test`. */
export function evaluate(dataConf: DataConf, modelConf: ModelConf, context: Context): void {
  const { customers, churned } = readCustomers(dataConf.test);
  const predictions = new ModelScorer(modelConf, context).predict(customers);
  const hits = predictions.filter((prediction, index) => prediction === churned[index]).length;
  const metrics = { accuracy: hits / predictions.length };
  writeFileSync(join(context.artifactOutputPath, "metrics.json"), JSON.stringify(metrics));
}

export class ModelScorer {
  readonly #model: LogisticModel;

  constructor(_config: ModelConf, context: Context) {
    this.#model = JSON.parse(readFileSync(join(context.modelsPath, "model.json"), "utf8")) as LogisticModel;
  }

  /** One prediction for each row. */
  predict(rows: readonly Customer[]): number[] {
    return rows.map((row) => (probability(this.#model, encode(row)) < 0.5 ? 0 : 1));
  }
}
