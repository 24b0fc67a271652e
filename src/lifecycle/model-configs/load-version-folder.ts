import { join } from "node:path";

import { Failure } from "../../kernel/failure.ts";
import type { LoadedModel } from "../../serving/loaded-model.ts";
import { makeWorkFolder } from "../running/temporary-folders.ts";
import type { EnvironmentChoice, Services, Work } from "../services.ts";
import { PLAIN_SERVING } from "../serving/load-model.ts";
import { loadableOf, startProven, type FetchedVersion } from "../serving/load-version.ts";
import { faceOf, startModel, stoppingWith } from "../serving/start-model.ts";
import { configLoadable } from "./config-loadable.ts";
import { scorerConfig } from "./plan-model-config.ts";
import { readVersionFolder, type VersionFolder } from "./read-version-folder.ts";

/**
 * Loads a version that lies in a folder of its own, and proves it: by its manifest, or, where an older tool wrote it, by
 * the metrics in its model file. Its files are opened in a worker only.
 * @throws Failure of the folder, the environment, the model or its proof.
 */
export async function loadVersionFolder(
  services: Services,
  { folder, isTrusted }: { readonly folder: string; readonly isTrusted: boolean },
  choice: EnvironmentChoice,
  work: Work,
): Promise<LoadedModel> {
  const version = await readVersionFolder(folder);
  if (!isTrusted) refuseWhatRuns(version);
  if (version.manifest === null) return await startClassic(services, version, choice, work);
  const { manifest, manifestDigest } = version;
  const digest = manifestDigest ?? "";
  const reference = { name: manifest.model, selector: manifest.version };
  const fetched: FetchedVersion = {
    ...{ manifest, digest, folder },
    loadable: loadableOf(manifest, { digest, versionFolder: folder, reference }),
    remove: () => Promise.resolve(),
  };
  const run = { choice, options: PLAIN_SERVING };
  const { started, batchable, proof } = await startProven(services, fetched, run, work);
  return faceOf(services, started, { batchable, proof });
}

async function startClassic(
  services: Services,
  { folder, metadata }: VersionFolder,
  choice: EnvironmentChoice,
  work: Work,
): Promise<LoadedModel> {
  const { model_filename: model, column_transformer_filename: transformer, test_set_filenames: test } = metadata;
  if (model === null)
    throw new Failure("FILE_NOT_FOUND", { message: `${folder} names no model file.`, hint: "See its metadata.json." });
  const place = await makeWorkFolder(services);
  try {
    const names = [model, ...(transformer === null ? [] : [transformer]), ...test];
    const loadable = await configLoadable(services, place.path, {
      name: metadata.model_name,
      version: metadata.version,
      config: scorerConfig({
        ...{ name: metadata.model_name, model, modelClass: metadata.model_class, transformer, test, metrics: null },
      }),
      artifacts: names.map((name) => ({ name, source: join(folder, name) })),
      examples: { rows: [] },
    });
    const started = await startModel(services, loadable, { ...choice, asIs: true }, work);
    const stop = async () => {
      await started.stop();
      await place.remove();
    };
    const whole = { ...started, stop, engine: stoppingWith(started.engine, stop) };
    return faceOf(services, whole, { batchable: false, proof: "none" });
  } catch (error) {
    await place.remove();
    throw error;
  }
}

/**
 * Nothing vouches for a folder: its manifest tells that its files belong together, not who wrote them.
 * @throws Failure `PICKLE_NOT_TRUSTED`.
 */
function refuseWhatRuns({ folder, metadata, manifest }: VersionFolder): void {
  const { model_filename: model, column_transformer_filename: transformer } = metadata;
  const pickles = [model, transformer].filter((name) => name !== null && !/\.(json|ubj)$/i.test(name));
  const code = (manifest?.files ?? []).some(({ role }) => role === "code") ? ["its code"] : [];
  const what = [...code, ...pickles.map((name) => `the pickle ${name}`)];
  if (what.length === 0) return;
  throw new Failure("PICKLE_NOT_TRUSTED", {
    message: `Loading ${folder} runs ${what.join(" and ")}.`,
    hint: "If you trust who wrote the folder, load it with trust: true. Versions of a model store need no such word.",
    details: { folder },
  });
}
