import type { ObjectStore } from "../model/ports/object-store.ts";
import type { ClassicMetadata, FileEntry, Manifest } from "../model/version/manifest.ts";
import { parseName, type ModelReference } from "../model/version/model-reference.ts";
import { removeAlias, requireAliasName, setAlias, type AliasMove } from "./aliases/move-alias.ts";
import { readAliasHistory, type AliasHistoryEntry } from "./aliases/alias-history.ts";
import { readAlias, readAliases, type AliasEntry, type AliasList, type DamagedAlias } from "./aliases/read-alias.ts";
import { rollbackAlias } from "./aliases/rollback-alias.ts";
import { collectStore, type CollectReport, type CollectRequest } from "./collect.ts";
import type { PublishedVersion, PublishRequest } from "./publishing/publish-request.ts";
import { publishVersion } from "./publishing/publish-version.ts";
import { examineRecords, type DamagedRecord } from "./reading/examine-records.ts";
import { examineVersion, type VersionExamination } from "./reading/examine-version.ts";
import { fetchVersion, type FetchRequest } from "./reading/fetch-version.ts";
import { listModels, listVersions, type VersionSummary } from "./reading/list-versions.ts";
import { requireModel } from "./reading/require-model.ts";
import { readManifest, readMetadata, readVersionFile } from "./reading/read-version.ts";
import { resolveVersion, type ResolvedVersion } from "./reading/resolve-version.ts";
import type { StoreContext } from "./store-context.ts";

export type { AliasEntry, AliasHistoryEntry, AliasList, AliasMove, DamagedAlias };
export type { DamagedRecord };
export type { CollectReport, CollectRequest, PublishedVersion, VersionExamination };
export type { PublishRequest, ResolvedVersion, VersionSummary };
export type { ManifestDraft, PublishFile, VersionDescription, VersionFacts } from "./publishing/publish-request.ts";
export type { CommittedVersion, LegacyVersion } from "./reading/resolve-version.ts";

/**
 * Model versions and aliases in an object store, by create-only writes alone. Every read is checked against a digest.
 * Every method throws Failure `STORE_UNAVAILABLE` when the store cannot be reached, `STORE_CORRUPT` naming the file
 * when something stored is damaged, and `FORMAT_TOO_NEW` when a newer tool wrote it.
 */
export interface ModelStore {
  /** For messages: a path or an address, without secrets. */
  readonly location: string;
  /**
   * Publishes a version, or finds that the same thing is published already (`created: false`).
   * @throws Failure `NAME_INVALID`, `PATH_ESCAPES_ROOT`, `FILE_EXISTS`, `FILE_NOT_FOUND`, `FILE_CHANGED`,
   * `SCHEMA_MISMATCH`, `MODEL_NAME_TAKEN`, `VERSION_EXISTS`, `VERSION_CLAIMED`, `VERSION_ABANDONED`, `ALIAS_EXISTS`,
   * `PUBLICATION_ABANDONED`, `INTERRUPTED`.
   */
  publish(request: PublishRequest): Promise<PublishedVersion>;
  /**
   * What a reference means: a label, else an alias, else (without selector) the newest version.
   * @throws Failure `MODEL_NOT_FOUND`, `VERSION_NOT_FOUND`, `NAME_INVALID`.
   */
  resolve(reference: ModelReference): Promise<ResolvedVersion>;
  /** @throws Failure `MANIFEST_MISSING` for a legacy version, `PATH_ESCAPES_ROOT`. */
  readManifest(version: ResolvedVersion): Promise<Manifest>;
  /** The eight classic keys; those of a legacy version are unchecked. */
  readMetadata(version: ResolvedVersion): Promise<ClassicMetadata>;
  /** One small file, whole. */
  readFile(version: ResolvedVersion, entry: FileEntry): Promise<Uint8Array>;
  /**
   * Writes all files of a version below `targetFolder` (absolute, absent or empty), which appears whole or not at all.
   * @throws Failure `TARGET_EXISTS`, `STATE_UNWRITABLE`, `PATH_ESCAPES_ROOT`, `INTERRUPTED`.
   */
  fetch(request: FetchRequest): Promise<void>;
  /** Newest first, those of older tools last; empty for an unknown model. */
  versions(model: string): Promise<readonly VersionSummary[]>;
  /** Reads every file of a version and finds all that is not as it was published. @throws Failure `INTERRUPTED`. */
  examine(version: VersionSummary, signal: AbortSignal): Promise<VersionExamination>;
  /** The damaged records among those that no reading of a version opens: the owner of the name, and claims. */
  examineRecords(model: string): Promise<readonly DamagedRecord[]>;
  /** Names of the models that have a version, in order. */
  models(): Promise<readonly string[]>;
  /** @throws Failure `MODEL_NOT_FOUND`, naming what is there, when the model has no version. */
  requireModel(model: string): Promise<void>;
  /** Before publishing for an alias. @throws Failure `NAME_INVALID`; `VERSION_EXISTS` when a version has the name. */
  requireAliasName(model: string, alias: string): Promise<void>;
  /** @throws Failure `NAME_INVALID`, `MODEL_NOT_FOUND`, `VERSION_NOT_FOUND`, `VERSION_EXISTS`. */
  setAlias(model: string, alias: string, version: string): Promise<AliasMove>;
  /** @throws Failure `MODEL_NOT_FOUND`; `VERSION_NOT_FOUND` when there is no such alias. */
  removeAlias(model: string, alias: string): Promise<AliasMove>;
  /**
   * Points an alias to where it pointed before, or to one of the versions that it ever pointed to.
   * @param to - null: the version before the present one.
   * @throws Failure `MODEL_NOT_FOUND`; `VERSION_NOT_FOUND` when there is none or it is gone, `STORE_CORRUPT`, `ALIAS_MOVED`.
   */
  rollbackAlias(model: string, alias: string, to: string | null): Promise<AliasMove>;
  /** The latest move (its `version` is null when it was removed), or null when there is no such alias. */
  alias(model: string, alias: string): Promise<AliasEntry | null>;
  aliases(model: string): Promise<AliasList>;
  /** All moves, the latest first, also those whose record or version is damaged or gone. */
  aliasHistory(model: string, alias: string): Promise<readonly AliasHistoryEntry[]>;
  /** Gives up publications that were begun and not finished, and cleans up after them. */
  collect(request: CollectRequest): Promise<CollectReport>;
}

/** The model store on any object store; one protocol for all of them. */
export function modelStore(objects: ObjectStore, deps: Omit<StoreContext, "objects">): ModelStore {
  const context: StoreContext = { objects, ...deps };
  return {
    location: objects.location,
    publish: (request) => publishVersion(context, request),
    resolve: (reference) => resolveVersion(context, reference),
    readManifest: (version) => readManifest(context, version),
    readMetadata: (version) => readMetadata(context, version),
    readFile: (version, entry) => readVersionFile(context, version, entry),
    fetch: (request) => fetchVersion(context, request),
    versions: (model) => listVersions(context, model),
    examine: (version, signal) => examineVersion(context, version, signal),
    examineRecords: (model) => examineRecords(context, model),
    models: () => listModels(context),
    requireModel: (model) => requireModel(context, parseName(model, "model")),
    requireAliasName: (model, alias) => requireAliasName(context, model, alias),
    setAlias: (model, alias, version) => setAlias(context, { model, alias, version }),
    removeAlias: (model, alias) => removeAlias(context, model, alias),
    rollbackAlias: (model, alias, to) => rollbackAlias(context, { model, alias, to }),
    alias: (model, alias) => readAlias(context, model, alias),
    aliases: (model) => readAliases(context, model),
    aliasHistory: (model, alias) => readAliasHistory(context, model, alias),
    collect: (request) => collectStore(context, request),
  };
}
