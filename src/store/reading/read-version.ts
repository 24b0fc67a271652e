import { sha256 } from "../../kernel/digest.ts";
import { Failure } from "../../kernel/failure.ts";
import type { ClassicMetadata, FileEntry, Manifest } from "../../model/version/manifest.ts";
import { parseMetadata } from "../formats/classic-metadata.ts";
import { parseManifest } from "../formats/manifest-schema.ts";
import { storeCorrupt } from "../formats/store-corrupt.ts";
import { parseVersionPath } from "../formats/version-path.ts";
import { commitKey, MANIFEST_FILE, METADATA_FILE } from "../keys.ts";
import type { StoreContext } from "../store-context.ts";
import type { CommittedVersion, ResolvedVersion } from "./resolve-version.ts";

/**
 * The manifest of a version, after its bytes were found to have the committed digest.
 * @throws Failure `STORE_CORRUPT`, `FORMAT_TOO_NEW`, `PATH_ESCAPES_ROOT`; `MANIFEST_MISSING` for a legacy version.
 */
export async function readManifest(context: StoreContext, version: ResolvedVersion): Promise<Manifest> {
  if (version.legacy) throw manifestMissing(version);
  const key = `${version.prefix}${MANIFEST_FILE}`;
  const bytes = await readWhole(context, key);
  if (sha256(bytes) !== version.manifestDigest) {
    const commit = commitKey(version.model, version.version);
    throw storeCorrupt(key, `it does not have the digest that ${commit} records for it`);
  }
  const manifest = parseManifest(bytes, key);
  requireSameVersion(manifest, version, key);
  return manifest;
}

/**
 * `metadata.json` of a version; that of a legacy version is unchecked.
 * @throws Failure `STORE_CORRUPT`.
 */
export async function readMetadata(context: StoreContext, version: ResolvedVersion): Promise<ClassicMetadata> {
  const key = `${version.prefix}${METADATA_FILE}`;
  if (version.legacy) return parseMetadata(await readWhole(context, key), key);
  const { files } = await readManifest(context, version);
  const entry = files.find(({ role }) => role === "metadata");
  if (entry === undefined) throw storeCorrupt(`${version.prefix}${MANIFEST_FILE}`, "it does not list the metadata");
  return parseMetadata(await readVersionFile(context, version, entry), key);
}

/**
 * One small file of a version, whole and checked.
 * @throws Failure `STORE_CORRUPT`, `PATH_ESCAPES_ROOT`.
 */
export async function readVersionFile(
  context: StoreContext,
  version: ResolvedVersion,
  entry: FileEntry,
): Promise<Uint8Array> {
  const key = `${version.prefix}${parseVersionPath(entry.path, version.prefix)}`;
  const bytes = await readWhole(context, key);
  if (sha256(bytes) === entry.sha256) return bytes;
  throw storeCorrupt(key, "it does not have the digest that the manifest records for it");
}

async function readWhole({ objects }: StoreContext, key: string): Promise<Uint8Array> {
  const bytes = await objects.read(key);
  if (bytes === null) throw storeCorrupt(key, "it is not there");
  return bytes;
}

/** A manifest that was copied from another version, with its commit, is whole but not this one's. */
function requireSameVersion(manifest: Manifest, version: CommittedVersion, key: string): void {
  if (manifest.model !== version.model || manifest.version !== version.version)
    throw storeCorrupt(key, `it belongs to ${manifest.model}@${manifest.version}`);
  if (manifest.contentDigest !== version.contentDigest)
    throw storeCorrupt(commitKey(version.model, version.version), "its content digest is not that of the manifest");
}

function manifestMissing({ model, version, prefix }: ResolvedVersion): Failure {
  return new Failure("MANIFEST_MISSING", {
    message: `${model}@${version} was stored by an older tool: ${prefix} has metadata.json but no manifest to check its files against.`,
    hint: "Publish the model again from its files: modelwright publish --from <file> --examples <rows>.",
    details: { model, version },
  });
}
