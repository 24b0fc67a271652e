import { join } from "node:path";

import { Failure } from "../../kernel/failure.ts";
import { isJsonObject } from "../../kernel/json.ts";
import type { Manifest } from "../../model/version/manifest.ts";
import type { Trust } from "../../model/version/trust.ts";
import type { LoadedModel } from "../../serving/loaded-model.ts";
import { makeWorkFolder, type WorkFolder } from "../running/temporary-folders.ts";
import type { EnvironmentChoice, Services, Work } from "../services.ts";
import { PLAIN_SERVING } from "../serving/load-model.ts";
import { loadableOf, startProven, type FetchedVersion } from "../serving/load-version.ts";
import { faceOf, startModel, stoppingWith } from "../serving/start-model.ts";
import { configLoadable, untrustedLoadable, withTrust } from "./config-loadable.ts";
import { scorerConfig } from "./plan-model-config.ts";
import { partsOfFolder, readVersionFolder, type VersionFolder } from "./read-version-folder.ts";
import { layOutScorer } from "./scorer-code.ts";
import { surveyConfig } from "./survey-config.ts";

export interface VersionFolderRequest {
  readonly folder: string;
  /** What a commit records for the manifest, where there is one. */
  readonly manifestDigest?: string | undefined;
  readonly trust: Trust;
  readonly choice: EnvironmentChoice;
}

export interface LoadedVersionFolder {
  readonly version: VersionFolder;
  readonly model: LoadedModel;
}

/**
 * Loads a version that lies in a folder of its own, and proves it: by its manifest, or, where an older tool wrote it, by
 * the metrics in its model file. Its files are opened in a worker only.
 * @throws Failure of the folder, the environment, the model or its proof.
 */
export async function loadVersionFolder(
  services: Services,
  { folder, manifestDigest, trust, choice }: VersionFolderRequest,
  work: Work,
): Promise<LoadedVersionFolder> {
  const version = await readVersionFolder(folder, manifestDigest);
  requireTrust(version, trust);
  const place = await makeWorkFolder(services);
  try {
    const { manifest } = version;
    const request = { version, manifest, trust, choice, place };
    const model =
      manifest === null
        ? await startClassic(services, request, work)
        : await startSaved(services, { ...request, manifest }, work);
    return { version, model };
  } catch (error) {
    await place.remove();
    throw error;
  }
}

interface FolderStart {
  readonly version: VersionFolder;
  readonly trust: Trust;
  readonly choice: EnvironmentChoice;
  readonly place: WorkFolder;
}

/** By its manifest. Where its code is not trusted, the tool's own opens the files, and loads no more than it may. */
async function startSaved(
  services: Services,
  { version, manifest, trust, choice, place }: FolderStart & { readonly manifest: Manifest },
  work: Work,
): Promise<LoadedModel> {
  const { folder } = version;
  const digest = version.manifestDigest ?? "";
  const reference = { name: manifest.model, selector: manifest.version };
  const whole = loadableOf(manifest, { digest, versionFolder: folder, reference });
  const isTrusted = trust === true;
  const fetched: FetchedVersion = {
    ...{ manifest, digest, folder, remove: place.remove },
    loadable: isTrusted
      ? whole
      : untrustedLoadable(whole, { trust, code: await layOutScorer(services, place.path, "scorer") }),
  };
  const request = { fetched, choice: isTrusted ? choice : { ...choice, asIs: true }, options: PLAIN_SERVING };
  const { started, batchable, proof } = await startProven(services, request, work);
  return faceOf(services, started, { batchable, proof });
}

/** By the metrics in its model file, which are repeated first. */
async function startClassic(
  services: Services,
  { version, trust, choice, place }: FolderStart,
  work: Work,
): Promise<LoadedModel> {
  const { metadata } = version;
  const asItIs = { ...choice, asIs: true };
  const parts = partsOfFolder(version);
  const found = { parts, metrics: null, examples: null, storeTestSet: "full" as const, trust };
  const survey = await surveyConfig(services, { ...found, folder: place.path, choice: asItIs }, work);
  const { model_filename: model, column_transformer_filename: transformer } = metadata;
  const names = [model ?? "", ...(transformer === null ? [] : [transformer])];
  const stored = { name: metadata.model_name, model: model ?? "", modelClass: metadata.model_class, transformer };
  const proof = { metrics: null, environmentDigest: null, architecture: null };
  const loadable = configLoadable({
    ...{ name: metadata.model_name, version: metadata.version, inputForm: null, examples: { rows: [] } },
    ...{ metrics: survey.repeated, code: await layOutScorer(services, place.path, "scorer") },
    config: withTrust(scorerConfig({ ...stored, test: [], proof }), trust),
    artifacts: names.map((name) => ({ name, source: join(version.folder, name) })),
  });
  const started = await startModel(services, { loadable, choice: asItIs }, work);
  const stop = async () => {
    await started.stop();
    await place.remove();
  };
  const whole = { ...started, stop, engine: stoppingWith(started.engine, stop) };
  const isRepeated = Object.keys(survey.repeated).length > 0;
  return faceOf(services, whole, { batchable: false, proof: isRepeated ? "metrics" : "none" });
}

/**
 * Nothing vouches for a folder: its manifest tells that its files belong together, not who wrote them. What names in `trust`
 * allow is for the worker to see.
 * @throws Failure `PICKLE_NOT_TRUSTED`.
 */
function requireTrust({ folder, metadata, manifest }: VersionFolder, trust: Trust): void {
  if (trust === true) return;
  const { model_filename: model, column_transformer_filename: transformer } = metadata;
  const pickles = [model, transformer].filter((name) => name !== null && !/\.(json|ubj)$/i.test(name));
  // The code of a configuration is the tool's own, which runs instead.
  const runsItsCode = manifest !== null && !isJsonObject(manifest.serving.config["modelConfig"]);
  const code = runsItsCode ? ["its code"] : [];
  const what = [...code, ...(trust === false ? pickles.map((name) => `the pickle ${name}`) : [])];
  if (what.length === 0) return;
  throw new Failure("PICKLE_NOT_TRUSTED", {
    message: `Loading ${folder} runs ${what.join(" and ")}.`,
    hint: 'If you trust who wrote the folder, load it with trust: true; names, for example trust: ["sklearn", "numpy"], allow pickles that import nothing else.',
    details: { folder },
  });
}
