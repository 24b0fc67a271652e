import { cp, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";

import { makeTemporaryFolder } from "../files/folders/temporary-folder.ts";
import { systemClock } from "../kernel/clock.ts";
import { Failure, hasSystemCode } from "../kernel/failure.ts";
import {
  planModelConfig,
  type DataSetFiles,
  type ModelConfigFiles,
} from "../lifecycle/model-configs/plan-model-config.ts";
import { readVersionFolder } from "../lifecycle/model-configs/read-version-folder.ts";
import { authorEmail } from "../lifecycle/publishing/author-email.ts";
import type { ExactJson } from "../model/ports/predictor.ts";
import { toPlainJson } from "../model/prediction/exact-json.ts";
import { parseName } from "../model/version/model-reference.ts";
import { nextVersionLabel } from "../model/version/version-label.ts";
import { printMetadata } from "../store/formats/classic-metadata.ts";
import { choiceOf, libraryHost, workOf } from "./host.ts";
import { requireSameColumns, requireSetShapes } from "./read-set-shapes.ts";
import type { StoreOptions } from "./store-options.ts";

/** A file by its path, or its bytes with the name that tells how they were saved. */
export type FileSource = string | { readonly name: string; readonly bytes: Uint8Array };

export interface ModelConfigOptions {
  readonly modelName: string;
  /** `.json` or `.ubj` of XGBoost, else `.pkl` or `.joblib`. */
  readonly model: FileSource;
  /** For example `XGBClassifier`. */
  readonly modelClass: string;
  /** Features and labels as `.npy` or, sparse, `.npz`; features as the model takes them, after the transformer. */
  readonly trainingSet?: readonly [FileSource, FileSource] | undefined;
  readonly testSet?: readonly [FileSource, FileSource] | undefined;
  readonly columnTransformer?: FileSource | undefined;
  /** Default: that of the project, else git's `user.email`. */
  readonly authorEmail?: string | undefined;
  /** Default: a label made of the time in UTC. */
  readonly version?: string | undefined;
  /** Metrics on the test set: publishing and every load repeat them. Default: those in the model file. */
  readonly metrics?: Readonly<Record<string, number>> | undefined;
  /** Rows as clients will send them, before the transformer; their predictions are recorded as proof. */
  readonly examples?: readonly ExactJson[] | undefined;
}

const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;

/**
 * A trained model with its data sets, its column transformer and its author, as files. Nothing of it is opened in this
 * process: `saveToModelStore` starts it in a worker and proves it before it is published.
 */
export class ModelConfig {
  readonly #options: ModelConfigOptions;
  #version: string;
  #isAutomatic: boolean;

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

  /**
   * Writes the eight keys and every file that they name into a folder, which must be absent or empty and appears whole.
   * Nothing is run, so the folder has no manifest.
   * @throws Failure `TARGET_EXISTS`, `FILE_NOT_FOUND`, `DATA_MALFORMED`, `CONFIG_INVALID`.
   */
  async save(folder: string, options: Pick<StoreOptions, "project"> = {}): Promise<string> {
    const target = resolve(folder);
    await requireAbsentOrEmpty(target);
    const author = await this.#author(options);
    await mkdir(dirname(target), { recursive: true });
    const parent = await makeTemporaryFolder(dirname(target));
    const staging = join(parent, "version");
    try {
      await mkdir(staging);
      const version = this.#version;
      await this.#withFiles(async (parts) => {
        const { files, metadata } = planModelConfig(parts, null);
        for (const { name, source } of files) await cp(source, join(staging, name));
        await writeFile(join(staging, "metadata.json"), printMetadata({ ...metadata, author_email: author, version }));
      });
      await rename(staging, target);
      return target;
    } finally {
      await rm(parent, { recursive: true, force: true });
    }
  }

  /**
   * Starts the model in a worker, repeats its metrics, records its answers to the examples, and publishes it.
   * @returns the version's label. The same thing published twice is one version.
   * @throws Failure `VERSION_EXISTS`, `SCORER_FAILED`, `CONFIG_INVALID`, `DATA_MALFORMED`, those of the store.
   */
  async saveToModelStore(options: StoreOptions = {}): Promise<string> {
    const { metrics = {}, examples = [] } = this.#options;
    const services = await libraryHost().openServices(options);
    const author = await this.#author(options);
    const { publishModelConfig } = await import("../lifecycle/model-configs/publish-model-config.ts");
    return await this.#withFiles(async (parts) => {
      const publication = {
        ...{ parts, label: this.#isAutomatic ? null : this.#version, authorEmail: author, metrics },
        examples: { rows: examples.map(toPlainJson) },
        // There is no list of packages to build from: those of the interpreter are recorded.
        choice: { ...choiceOf(options), asIs: true },
      };
      const { published } = await publishModelConfig(services, publication, workOf(options));
      this.#version = published.version;
      this.#isAutomatic = false;
      return published.version;
    });
  }

  /**
   * Reads a version folder: its documents, and every digest that there is. `BaseMLModel.load` also runs and proves it.
   * @throws Failure `FILE_NOT_FOUND`, `STORE_CORRUPT`, `PATH_ESCAPES_ROOT`, `FORMAT_TOO_NEW`.
   */
  static async load(folder: string): Promise<ModelConfig> {
    const { metadata, folder: root } = await readVersionFolder(resolve(folder));
    const { model_filename: model, column_transformer_filename: transformer } = metadata;
    if (model === null)
      throw new Failure("FILE_NOT_FOUND", { message: `${root} names no model file.`, hint: "See its metadata.json." });
    const inFolder = (name: string) => join(root, name);
    return new ModelConfig({
      modelName: metadata.model_name,
      model: inFolder(model),
      modelClass: metadata.model_class ?? "",
      trainingSet: pairOf(metadata.training_set_filenames.map(inFolder)),
      testSet: pairOf(metadata.test_set_filenames.map(inFolder)),
      columnTransformer: transformer === null ? undefined : inFolder(transformer),
      authorEmail: metadata.author_email ?? undefined,
      version: metadata.version,
    });
  }

  async #author(options: StoreOptions): Promise<string | null> {
    const services = await libraryHost().openServices(options);
    return authorEmail(services, services.settings.projectRoot, this.#options.authorEmail ?? null);
  }

  /** Puts bytes into files for as long as `use` takes, and checks the shapes of the data sets. */
  async #withFiles<T>(use: (parts: ModelConfigFiles) => Promise<T>): Promise<T> {
    const { modelName, modelClass, model, trainingSet, testSet, columnTransformer } = this.#options;
    const folder = await mkdtemp(join(tmpdir(), "modelwright-"));
    try {
      const place = (source: FileSource, index: number) => placeFile(source, join(folder, String(index)));
      const parts: ModelConfigFiles = {
        ...{ modelName, modelClass, model: await place(model, 0) },
        trainingSet:
          trainingSet === undefined ? null : [await place(trainingSet[0], 1), await place(trainingSet[1], 2)],
        testSet: testSet === undefined ? null : [await place(testSet[0], 3), await place(testSet[1], 4)],
        columnTransformer: columnTransformer === undefined ? null : await place(columnTransformer, 5),
      };
      await requireShapes(parts);
      return await use(parts);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

async function requireShapes({ trainingSet, testSet }: ModelConfigFiles): Promise<void> {
  const trained = trainingSet === null ? null : await requireSetShapes(trainingSet, "trainingSet");
  const tested = testSet === null ? null : await requireSetShapes(testSet, "testSet");
  requireSameColumns(trained, tested);
}

async function placeFile(source: FileSource, folder: string): Promise<string> {
  if (typeof source === "string") {
    const path = resolve(source);
    if ((await stat(path).catch(() => null))?.isFile() === true) return path;
    throw new Failure("FILE_NOT_FOUND", { message: `There is no file ${path}.`, hint: "Check the path." });
  }
  await mkdir(folder);
  const path = join(folder, basename(source.name));
  await writeFile(path, source.bytes);
  return path;
}

async function requireAbsentOrEmpty(path: string): Promise<void> {
  const names = await readdir(path).catch((error: unknown) => {
    if (hasSystemCode(error, "ENOENT")) return [];
    if (hasSystemCode(error, "ENOTDIR")) return [basename(path)];
    throw error;
  });
  if (names.length === 0) return;
  throw new Failure("TARGET_EXISTS", { message: `${path} is already there.`, hint: "Save into a new folder." });
}

function pairOf(paths: readonly string[]): DataSetFiles | undefined {
  const [features, labels, ...more] = paths;
  const isPair = features !== undefined && labels !== undefined && more.length === 0;
  return isPair ? [features, labels] : undefined;
}
