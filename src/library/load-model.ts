import { stat } from "node:fs/promises";
import { resolve } from "node:path";

import type { ExactJson, ServedModel } from "../model/ports/predictor.ts";
import type { PredictReply } from "../model/prediction/predict-reply.ts";
import type { Trust } from "../model/version/trust.ts";
import type { LoadedModel } from "../serving/loaded-model.ts";
import { choiceOf, libraryHost, workOf } from "./host.ts";
import { storedFolder } from "./stored-folder.ts";
import type { StoreOptions } from "./store-options.ts";

export interface LoadOptions extends StoreOptions {
  /**
   * True: code and pickles of a folder may run, in a process of their own. Names: pickles may import these, for example
   * `["sklearn", "numpy"]`, and nothing else. A version of a model store needs no such word: whoever may write into the store
   * is trusted, and every digest is checked; only what older tools stored is treated as a folder.
   */
  readonly trust?: Trust | undefined;
}

/** A model that is loaded and proven, for use inside another program. */
export interface EmbeddedModel {
  /** Name, version, digest, proof, signature, metrics. */
  readonly info: ServedModel;
  /**
   * Good rows are predicted, bad rows are named in the reply.
   * @param rows - objects, or arrays where the model has no signature.
   * @throws Failure `MODEL_FAILED`, `WORKER_LOST`, `TOO_MANY_ROWS`, `DEADLINE_EXCEEDED`.
   */
  predict(rows: readonly ExactJson[]): Promise<PredictReply>;
  /** Waits for what is being predicted and ends the model's process. */
  close(): Promise<void>;
}

/** How long a model that is closed may take for what it has begun. */
export const CLOSE_TIMEOUT_MS = 10_000;

/**
 * Loads `name`, `name@version` or `name@alias` of a model store, or a folder with `metadata.json`, and proves it.
 * The model runs in a process of its own, which ends with this one.
 * @throws Failure `MODEL_NOT_FOUND`, `VERSION_NOT_FOUND`, `STORE_CORRUPT`, `PROOF_FAILED`, `SCORER_FAILED`, …
 */
export async function loadModel(source: string, options: LoadOptions = {}): Promise<EmbeddedModel> {
  const loaded = await load(source, options);
  return {
    get info() {
      return loaded.info;
    },
    predict: (rows) => loaded.predict({ rows }),
    close: () => loaded.drain(CLOSE_TIMEOUT_MS),
  };
}

async function load(source: string, options: LoadOptions): Promise<LoadedModel> {
  const services = await libraryHost().openServices(options);
  const [choice, work] = [choiceOf(options), workOf(options)];
  const { trust = false } = options;
  const folder = resolve(source);
  const { loadModel: loadSource, PLAIN_SERVING } = await import("../lifecycle/serving/load-model.ts");
  const { loadVersionFolder } = await import("../lifecycle/model-configs/load-version-folder.ts");
  const { isDefinitionFolder } = await import("../lifecycle/definitions/pick-definition.ts");
  if (await isVersionFolder(folder)) return (await loadVersionFolder(services, { folder, trust, choice }, work)).model;
  if (!(await isDefinitionFolder(source, resolve(".")))) {
    const stored = await storedFolder(services, source);
    if (stored.manifestDigest === undefined || Array.isArray(trust))
      return (await loadVersionFolder(services, { ...stored, trust, choice }, work)).model;
  }
  return loadSource(services, { text: source, cwd: resolve("."), choice, options: PLAIN_SERVING }, work);
}

async function isVersionFolder(folder: string): Promise<boolean> {
  return (await stat(resolve(folder, "metadata.json")).catch(() => null))?.isFile() === true;
}
