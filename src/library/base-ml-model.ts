import { Failure } from "../kernel/failure.ts";
import type { ExactJson, ServedModel } from "../model/ports/predictor.ts";
import { loadModel, type EmbeddedModel, type LoadOptions } from "./load-model.ts";

/**
 * Predicts for raw rows with the column transformer and the model of a configuration: two objects that are stored apart,
 * loaded and proven together. A subclass implements nothing, or one of the hooks `prepare` and `finish`.
 */
export class BaseMLModel {
  readonly #model: EmbeddedModel;

  constructor(model: EmbeddedModel) {
    this.#model = model;
  }

  /**
   * Loads and proves a version: a folder with `metadata.json`, or a reference such as `iv@champion`.
   * @throws as `loadModel`.
   */
  static async load<T extends BaseMLModel>(
    this: new (model: EmbeddedModel) => T,
    source: string,
    options: LoadOptions = {},
  ): Promise<T> {
    return new this(await loadModel(source, options));
  }

  /** Name, version, digest, proof, metrics. */
  get info(): ServedModel {
    return this.#model.info;
  }

  /** Hook: rows before the column transformer sees them. */
  protected prepare(rows: readonly ExactJson[]): readonly ExactJson[] | Promise<readonly ExactJson[]> {
    return rows;
  }

  /** Hook: what the caller gets for the model's predictions; `rows` are those that the caller gave. */
  protected finish(
    predictions: readonly ExactJson[],
    // eslint-disable-next-line @typescript-eslint/no-unused-vars -- for hooks that override this one
    rows: readonly ExactJson[],
  ): readonly ExactJson[] | Promise<readonly ExactJson[]> {
    return predictions;
  }

  /**
   * Predictions, one a row.
   * @throws Failure `SCHEMA_MISMATCH` naming the first bad row; those of `EmbeddedModel.predict`.
   */
  async predict(rows: readonly ExactJson[]): Promise<readonly ExactJson[]> {
    const { predictions, errors } = await this.#model.predict(await this.prepare(rows));
    const [first] = Object.entries(errors ?? {});
    if (first !== undefined)
      throw new Failure("SCHEMA_MISMATCH", {
        message: `Row ${first[0]} cannot be predicted: ${describe(first[1])}.`,
        hint: "Rows are counted from 0.",
        details: { rows: Object.keys(errors ?? {}).map(Number) },
      });
    return this.finish(predictions, rows);
  }

  /** Ends the model's process. */
  close(): Promise<void> {
    return this.#model.close();
  }
}

function describe(columns: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(columns)
    .map(([column, messages]) => `${column === "" ? "the row" : column} ${messages.join(" and ")}`)
    .join("; ");
}
