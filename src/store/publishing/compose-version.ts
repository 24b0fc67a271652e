import { sha256 } from "../../kernel/digest.ts";
import { parse } from "../../kernel/parse.ts";
import {
  MANIFEST_SCHEMA_VERSION,
  type CommitRecord,
  type FileEntry,
  type Manifest,
} from "../../model/version/manifest.ts";
import { printMetadata } from "../formats/classic-metadata.ts";
import { manifestSchema } from "../formats/manifest-schema.ts";
import { METADATA_FILE } from "../keys.ts";
import type { PublicationPlan } from "./plan-publication.ts";

/** The documents of a version under one label. */
export interface ComposedVersion {
  readonly version: string;
  readonly manifest: Uint8Array;
  readonly metadata: Uint8Array;
  readonly commit: CommitRecord;
}

interface LabelFacts {
  readonly version: string;
  readonly createdAt: string;
  readonly nonce: string;
}

/**
 * Makes manifest, metadata and commit record for a label. Pure.
 * @throws Failure `SCHEMA_MISMATCH` when the manifest could not be read again, for example for a metric that is NaN.
 */
export function composeVersion(plan: PublicationPlan, { version, createdAt, nonce }: LabelFacts): ComposedVersion {
  const { request, contentDigest } = plan;
  const files = plan.files.map(({ entry }) => entry);
  const described = request.describe({ version, createdAt, files, contentDigest });
  const metadata = printMetadata(described.metadata);
  const manifest: Manifest = {
    schemaVersion: MANIFEST_SCHEMA_VERSION,
    ...{ model: request.model, version, createdAt },
    ...described.manifest,
    files: [...files, metadataEntry(metadata)],
    contentDigest,
  };
  const bytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  parse(manifestSchema, JSON.parse(bytes.toString()), `The manifest of ${request.model}@${version}`);
  const commit: CommitRecord = {
    manifestDigest: sha256(bytes),
    ...{ contentDigest, createdAt, nonce },
    proofLevel: manifest.proof.level,
    language: manifest.serving.language,
    definitionId: request.definitionId,
    runId: manifest.run?.id ?? null,
    metrics: described.metrics,
    sizeBytes: manifest.files.reduce((total, { sizeBytes }) => total + sizeBytes, 0),
  };
  return { version, manifest: bytes, metadata, commit };
}

function metadataEntry(metadata: Uint8Array): FileEntry {
  return {
    path: METADATA_FILE,
    role: "metadata",
    target: null,
    sizeBytes: metadata.length,
    sha256: sha256(metadata),
    mediaType: "application/json",
  };
}
