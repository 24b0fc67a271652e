import { join } from "node:path";

import { Failure } from "../../kernel/failure.ts";
import { formatModelReference, type ModelReference } from "../../model/version/model-reference.ts";
import { packagesToInstall } from "../../model/python/packages-to-install.ts";
import { provesAtLeast, type Manifest, type ProofLevel } from "../../model/version/manifest.ts";
import type { CommittedVersion, ResolvedVersion } from "../../store/model-store.ts";
import { makeWorkFolder } from "../running/temporary-folders.ts";
import { untilInterrupted } from "../running/until-interrupted.ts";
import type { EnvironmentChoice, Services, Work } from "../services.ts";
import { withOptions, type Loadable, type WorkerOptions } from "./loadable.ts";
import { proveModel } from "./prove-model.ts";
import { startModel, stoppingWith, type StartedModel } from "./start-model.ts";

/** A version whose files were checked and whose answers were repeated. */
export interface ProvenModel {
  readonly started: StartedModel;
  readonly batchable: boolean;
  readonly proof: ProofLevel;
}

/** How a version is run. */
export interface VersionRun {
  readonly choice: EnvironmentChoice;
  readonly options: WorkerOptions;
}

/** Which version is fetched. */
export interface VersionPlace {
  readonly reference: ModelReference;
  /** The version, where the reference is an alias that may move again. */
  readonly label?: string | undefined;
}

export interface VersionRequest extends VersionRun, VersionPlace {}

/** A version whose files lie in a folder of their own, every digest checked. */
export interface FetchedVersion {
  readonly manifest: Manifest;
  /** sha256 of the manifest. */
  readonly digest: string;
  /** Absolute. */
  readonly folder: string;
  readonly loadable: Loadable;
  readonly remove: () => Promise<void>;
}

/**
 * Fetches a published version; who calls this removes it.
 * @throws Failure `MODEL_NOT_FOUND`, `VERSION_NOT_FOUND`, `STORE_CORRUPT`, `PROOF_TOO_WEAK`.
 */
export async function fetchVersion(
  services: Services,
  { reference, label }: VersionPlace,
  work: Work,
): Promise<FetchedVersion> {
  const resolved = requireCommitted(
    await services.store.resolve({ ...reference, selector: label ?? reference.selector }),
  );
  const manifest = await services.store.readManifest(resolved);
  const { path, remove } = await makeWorkFolder(services);
  try {
    const folder = join(path, "version");
    work.onProgress({ step: "version.fetching", message: `Fetching ${manifest.model}@${manifest.version}` });
    await services.store.fetch({ version: resolved, manifest, targetFolder: folder, ...work });
    const digest = resolved.manifestDigest;
    return {
      manifest,
      digest,
      folder,
      remove,
      loadable: loadableOf(manifest, { digest, versionFolder: folder, reference }),
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/**
 * Loads a published version: every file against its digest, then the worker, then the strongest stored proof.
 * @throws Failure `MODEL_NOT_FOUND`, `VERSION_NOT_FOUND`, `STORE_CORRUPT`, `PROOF_FAILED`, `PROOF_TOO_WEAK` and those of `startModel`.
 */
export async function loadVersion(
  services: Services,
  { reference, label, choice, options }: VersionRequest,
  work: Work,
): Promise<ProvenModel> {
  const fetched = await fetchVersion(services, { reference, label }, work);
  return startProven(services, { fetched, choice, options }, work);
}

/**
 * Starts a version whose files lie in a folder, and repeats the strongest stored proof. Removes the folder with the
 * worker, and when it fails.
 * @throws as `loadVersion`.
 */
export async function startProven(
  services: Services,
  { fetched, choice, options }: VersionRun & { readonly fetched: FetchedVersion },
  work: Work,
): Promise<ProvenModel> {
  try {
    const { manifest, folder: versionFolder, digest: manifestDigest } = fetched;
    requireProofLevel(services, manifest);
    const loadable = withOptions(fetched.loadable, options);
    const started = await startModel(services, { loadable, choice }, work);
    try {
      await untilInterrupted({ signal: work.signal, stop: started.stop }, () =>
        proveModel(services, { started, manifest, versionFolder, manifestDigest }, work),
      );
    } catch (error) {
      await started.stop();
      throw error;
    }
    // The code is imported while the model lives; the folder goes when the worker does.
    return {
      started: withFolder(started, fetched),
      batchable: manifest.serving.batchable,
      proof: manifest.proof.level,
    };
  } catch (error) {
    await fetched.remove();
    throw error;
  }
}

function withFolder(started: StartedModel, folder: Pick<FetchedVersion, "remove">): StartedModel {
  const stop = async () => {
    await started.stop();
    await folder.remove();
  };
  return { ...started, stop, engine: stoppingWith(started.engine, stop) };
}

function requireCommitted(resolved: ResolvedVersion): CommittedVersion {
  if (!resolved.legacy) return resolved;
  throw new Failure("PROOF_TOO_WEAK", {
    message: `${resolved.model}@${resolved.version} was not published by modelwright: it has no manifest, so nothing about it can be checked.`,
    hint: "Publish its model file anew: modelwright publish --from <file> --examples <rows> --name <name>.",
  });
}

function requireProofLevel(services: Services, manifest: Manifest): void {
  const { level } = manifest.proof;
  const { minimumProof } = services.settings;
  if (provesAtLeast(level, minimumProof)) return;
  throw new Failure("PROOF_TOO_WEAK", {
    message: `${manifest.model}@${manifest.version} is proven by ${level} only; the project asks for ${minimumProof}.`,
    hint: 'Publish it with example rows or an evaluation, or lower "minimumProof" in modelwright.json.',
  });
}

/** What a fetched version folder holds, ready to be started. */
export function loadableOf(
  manifest: Manifest,
  places: { readonly digest: string; readonly versionFolder: string; readonly reference: ModelReference },
): Loadable {
  const { serving, environment, proof } = manifest;
  const codeRoot = join(places.versionFolder, "code");
  const inVersion = (path: string) => join(places.versionFolder, path);
  const codeFiles = manifest.files.flatMap((file) =>
    file.role === "code" && file.target !== null ? [file.target] : [],
  );
  return {
    name: manifest.model,
    reference: formatModelReference(places.reference),
    version: manifest.version,
    digest: places.digest,
    serving,
    signature: manifest.signature,
    code: { codeRoot, projectRoot: codeRoot, definitionFolder: codeRoot, codeFiles },
    // Also transformers and test sets of model configurations, whose scorer repeats the metrics itself.
    artifacts: manifest.files.flatMap((file) =>
      file.role !== "code" && file.target !== null
        ? [{ source: inVersion(file.path), name: file.target, only: file.only }]
        : [],
    ),
    // A version from an environment that was used as it was has no lock; its packages are the next best thing.
    requirements: [{ path: "the version's packages", text: packagesToInstall(environment.packages) }],
    lock: environment.lock,
    givenDigest: environment.lock === null ? environment.digest : null,
    metrics: { ...manifest.modelMetrics, ...Object.fromEntries(proof.metrics.map(({ name, value }) => [name, value])) },
    tolerance: proof.tolerance,
    probe: proof.recorded ?? { rows: [] },
    datasetInfo: {},
    memoryLimitBytes: serving.memoryLimitBytes ?? null,
  };
}
