import type { JsonObject, JsonValue } from "../../kernel/json.ts";
import type { ObjectBody } from "../../model/ports/object-store.ts";
import type { OnProgress } from "../../model/ports/progress.ts";
import type { ClassicMetadata, CommitRecord, FileEntry, Manifest, ProofLevel } from "../../model/version/manifest.ts";

/** One file to publish. */
export interface PublishFile extends Omit<FileEntry, "sizeBytes" | "sha256"> {
  readonly role: Exclude<FileEntry["role"], "metadata">;
  readonly body: ObjectBody;
}

/** What is known of a version when it is described. */
export interface VersionFacts {
  readonly version: string;
  /** ISO time. */
  readonly createdAt: string;
  /** The files of the request with size and digest, in order of their paths. */
  readonly files: readonly FileEntry[];
  readonly contentDigest: string;
}

/** A manifest without what the store itself knows. */
export type ManifestDraft = Omit<
  Manifest,
  "schemaVersion" | "model" | "version" | "createdAt" | "files" | "contentDigest"
>;

export interface VersionDescription {
  readonly manifest: ManifestDraft;
  readonly metadata: ClassicMetadata;
  /** What `versions` shows. */
  readonly metrics: JsonObject;
}

export interface PublishRequest {
  readonly model: string;
  /** Null: a timestamp that nobody has. */
  readonly label: string | null;
  /** Paths in the version's folder. `manifest.json` and `metadata.json` are the store's own. */
  readonly files: readonly PublishFile[];
  /** Pure. Called once for every label that is tried; the last call counts. */
  readonly describe: (facts: VersionFacts) => VersionDescription;
  /** The definition that the model comes from. A name belongs to the first definition that publishes under it. */
  readonly definitionId: string | null;
  /** Whatever makes two publications different besides their files: serving, signature, environment. No times. */
  readonly content: JsonValue;
  /** How well the manifest proves it: what is published with a weaker proof is not the same thing. */
  readonly proofLevel: ProofLevel;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

export interface PublishedVersion {
  readonly model: string;
  readonly version: string;
  readonly manifestDigest: string;
  readonly contentDigest: string;
  /** False: the same thing was published before, as this version, and nothing was written. */
  readonly created: boolean;
  readonly commit: CommitRecord;
}
