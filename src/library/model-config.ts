import { rename } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

import { inTemporaryFolder } from "../files/folders/temporary-folder.ts";
import { systemClock } from "../kernel/clock.ts";
import { Failure } from "../kernel/failure.ts";
import { partsOfFolder } from "../lifecycle/model-configs/read-version-folder.ts";
import { authorEmail } from "../lifecycle/publishing/author-email.ts";
import type { Services } from "../lifecycle/services.ts";
import type { ExactJson, ServedModel } from "../model/ports/predictor.ts";
import { toPlainJson } from "../model/prediction/exact-json.ts";
import { EMAIL } from "../model/version/email.ts";
import { parseName } from "../model/version/model-reference.ts";
import type { Trust } from "../model/version/trust.ts";
import { nextVersionLabel } from "../model/version/version-label.ts";
import { versionPrefix } from "../store/keys.ts";
import { choiceOf, libraryHost, workOf } from "./host.ts";
import { CLOSE_TIMEOUT_MS, type LoadOptions } from "./load-model.ts";
import { requireAbsentOrEmpty, withFiles, type FileSource, type SetSource } from "./placed-files.ts";
import { repeatedMetrics } from "./repeated-metrics.ts";
import type { StoreOptions } from "./store-options.ts";
import { storedFolder, type StoredFolder } from "./stored-folder.ts";

export interface ModelConfigOptions {
  readonly modelName: string;
  /** `.json` or `.ubj` of XGBoost, else `.pkl` or `.joblib`. */
  readonly model: FileSource;
  /** For example `XGBClassifier`. Default: what the file says. */
  readonly modelClass?: string | undefined;
  /** Features and labels as `.npy` or, sparse, `.npz`; features as the model takes them, after the transformer. */
  readonly trainingSet?: SetSource | undefined;
  readonly testSet?: SetSource | undefined;
  readonly columnTransformer?: FileSource | undefined;
  /** Default: that of the project, else git's `user.email`. */
  readonly authorEmail?: string | undefined;
  /** Default: a label made of the time in UTC. */
  readonly version?: string | undefined;
  /** Metrics on the test set, to be repeated. Default: those in the model file, else accuracy, or RMSE for numbers. */
  readonly metrics?: Readonly<Record<string, number>> | undefined;
  /**
   * Rows as clients will send them, before the transformer; their predictions are recorded as proof. Default: rows of the test
   * set where nothing transforms them.
   */
  readonly examples?: readonly ExactJson[] | undefined;
}

/**
 * A trained model with its data sets, its column transformer and its author, as files. Nothing of it is opened in this
 * process: `saveToModelStore` starts it in a worker and proves it before it is published.
 */
export class ModelConfig {
  readonly #options: ModelConfigOptions;
  #version: string;
  #isAutomatic: boolean;
  #proof: ServedModel["proof"] = "none";

  /** @throws Failure `NAME_INVALID`, `CONFIG_INVALID`. */
  constructor(options: ModelConfigOptions) {
    parseName(options.modelName, "model");
    if (options.version !== undefined) parseName(options.version, "version");
    if (options.authorEmail !== undefined && !EMAIL.test(options.authorEmail))
      throw new Failure("CONFIG_INVALID", {
        message: `"${options.authorEmail}" is no e-mail address.`,
        hint: "Write it as name@example.com.",
      });
    this.#options = options;
    this.#version = options.version ?? nextVersionLabel(systemClock.now(), () => false);
    this.#isAutomatic = options.version === undefined;
  }

  get modelName(): string {
    return this.#options.modelName;
  }

  /** The label. An automatic one that is taken when it is published becomes the next second's. */
  get version(): string {
    return this.#version;
  }

  /** Absent where none was given: the project's, else git's, is found when the configuration is saved. */
  get authorEmail(): string | undefined {
    return this.#options.authorEmail;
  }

  /** Absent until it is given or the configuration was loaded: the model's file tells it when it is saved. */
  get modelClass(): string | undefined {
    return this.#options.modelClass;
  }

  get model(): FileSource {
    return this.#options.model;
  }

  get trainingSet(): SetSource | undefined {
    return this.#options.trainingSet;
  }

  get testSet(): SetSource | undefined {
    return this.#options.testSet;
  }

  get columnTransformer(): FileSource | undefined {
    return this.#options.columnTransformer;
  }

  get examples(): readonly ExactJson[] | undefined {
    return this.#options.examples;
  }

  /** Metrics that were given, or repeated when the configuration was loaded. */
  get metrics(): Readonly<Record<string, number>> {
    return this.#options.metrics ?? {};
  }

  /** What was repeated: `metrics`, `predictions`, `digests`, or `none` (also for what was not loaded). */
  get proof(): ServedModel["proof"] {
    return this.#proof;
  }

  /**
   * Writes the version into a folder, which must be absent or empty and appears whole. The model is started for it, as for
   * `saveToModelStore`. Returns the folder's path.
   * @throws Failure `TARGET_EXISTS`, and as `saveToModelStore`.
   */
  async save(folder: string, options: StoreOptions = {}): Promise<string> {
    const target = resolve(folder);
    await requireAbsentOrEmpty(target);
    return inTemporaryFolder(dirname(target), async (store) => {
      // A store of one version, whose folder becomes the target.
      const version = await this.#publish({ ...options, store }, this.#version);
      await rename(join(store, versionPrefix(this.modelName, version)), target);
      return target;
    });
  }

  /**
   * Starts the model in a worker, repeats its metrics (or computes accuracy, for numbers RMSE), keeps as much of the test
   * set as the project's `storeTestSet` says, records the answers to the examples, and publishes it.
   * @returns the version's label. The same thing published twice is one version.
   * @throws Failure `VERSION_EXISTS`, `PROOF_FAILED`, `SCORER_FAILED`, `CONFIG_INVALID`, `DATA_MALFORMED`, `FILE_NOT_FOUND`,
   * `FILE_UNREADABLE`, `PACKAGE_MISSING`, those of the store.
   */
  async saveToModelStore(options: StoreOptions = {}): Promise<string> {
    this.#version = await this.#publish(options, this.#isAutomatic ? null : this.#version);
    this.#isAutomatic = false;
    return this.#version;
  }

  /**
   * Reads a version folder and repeats its proof, in a worker that has ended when this returns.
   * @throws Failure `PICKLE_NOT_TRUSTED`, `PROOF_FAILED`, `STORE_CORRUPT`, `FILE_NOT_FOUND`, `PATH_ESCAPES_ROOT`, `FORMAT_TOO_NEW`.
   */
  static async load(folder: string, options: LoadOptions = {}): Promise<ModelConfig> {
    const services = await libraryHost().openServices(options);
    return ModelConfig.#open(services, { folder: resolve(folder), trust: options.trust ?? false }, options);
  }

  /**
   * Reads `name`, `name@version` or `name@alias` of a store as `load` does. What was published is trusted, unless `trust`
   * names what its pickles may import.
   */
  static async loadFromModelStore(reference: string, options: LoadOptions = {}): Promise<ModelConfig> {
    const services = await libraryHost().openServices(options);
    const stored = await storedFolder(services, reference);
    const isPublished = stored.manifestDigest !== undefined;
    const { trust = false } = options;
    return ModelConfig.#open(services, { ...stored, trust: isPublished && trust === false ? true : trust }, options);
  }

  static async #open(
    services: Services,
    place: StoredFolder & { readonly trust: Trust },
    options: LoadOptions,
  ): Promise<ModelConfig> {
    const { loadVersionFolder } = await import("../lifecycle/model-configs/load-version-folder.ts");
    const loaded = await loadVersionFolder(services, { ...place, choice: choiceOf(options) }, workOf(options));
    const { metrics, proof } = loaded.model.info;
    await loaded.model.drain(CLOSE_TIMEOUT_MS);
    const { metadata, manifest } = loaded.version;
    const { modelClass, trainingSet, testSet, columnTransformer, ...parts } = partsOfFolder(loaded.version);
    const config = new ModelConfig({
      ...{ ...parts, modelClass: modelClass ?? undefined, columnTransformer: columnTransformer ?? undefined },
      ...{ trainingSet: trainingSet ?? undefined, testSet: testSet ?? undefined },
      authorEmail: metadata.author_email ?? undefined,
      version: metadata.version,
      metrics: repeatedMetrics(manifest, metrics),
      examples: manifest?.proof.recorded?.rows,
    });
    config.#proof = proof;
    if (proof === "none")
      process.emitWarning(
        `${place.folder} has nothing to check it against: neither a manifest nor metrics on a test set.`,
      );
    return config;
  }

  async #publish(options: StoreOptions, label: string | null): Promise<string> {
    const { metrics = null, examples } = this.#options;
    const services = await libraryHost().openServices(options);
    const email = await authorEmail(services, services.settings.projectRoot, this.#options.authorEmail ?? null);
    const { publishModelConfig } = await import("../lifecycle/model-configs/publish-model-config.ts");
    return withFiles(this.#options, async (parts) => {
      const publication = {
        ...{ parts, label, authorEmail: email, metrics },
        examples: examples === undefined ? null : { rows: examples.map(toPlainJson) },
        // There is no list of packages to build from: those of the interpreter are recorded.
        choice: { ...choiceOf(options), asIs: true },
      };
      return (await publishModelConfig(services, publication, workOf(options))).published.version;
    });
  }
}
