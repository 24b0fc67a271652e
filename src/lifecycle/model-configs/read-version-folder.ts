import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";

import { digestFile } from "../../files/digest-file.ts";
import { resolveRealInside } from "../../files/resolve-inside.ts";
import { sha256 } from "../../kernel/digest.ts";
import { Failure, hasSystemCode } from "../../kernel/failure.ts";
import type { ClassicMetadata, Manifest } from "../../model/version/manifest.ts";
import { parseMetadata } from "../../store/formats/classic-metadata.ts";
import { parseManifest } from "../../store/formats/manifest-schema.ts";
import { storeCorrupt } from "../../store/formats/store-corrupt.ts";
import { parseVersionPath } from "../../store/formats/version-path.ts";
import type { DataSetFiles, ModelConfigFiles } from "./plan-model-config.ts";

const METADATA_FILE = "metadata.json";
const MANIFEST_FILE = "manifest.json";

/** A version as a folder of its own: saved by an author, or by an older tool. */
export interface VersionFolder {
  /** Absolute. */
  readonly folder: string;
  readonly metadata: ClassicMetadata;
  /** Null for a folder that has only the classic keys: nothing vouches for its files then. */
  readonly manifest: Manifest | null;
  readonly manifestDigest: string | null;
}

/**
 * Reads the documents of a version folder and checks every digest that there is.
 * @throws Failure `FILE_NOT_FOUND`, `STORE_CORRUPT`, `PATH_ESCAPES_ROOT`, `FORMAT_TOO_NEW`.
 * @param expectedDigest - of the manifest, where something outside of the folder records it.
 */
export async function readVersionFolder(folder: string, expectedDigest?: string): Promise<VersionFolder> {
  const metadataPath = join(folder, METADATA_FILE);
  const metadata = parseMetadata(await readDocument(metadataPath), metadataPath);
  const missing: string[] = [];
  for (const name of fileNames(metadata)) {
    const path = await resolveRealInside(folder, parseVersionPath(name, metadataPath));
    if (!(await isFile(path))) missing.push(name);
  }
  if (missing.length > 0)
    throw new Failure("FILE_NOT_FOUND", {
      message: `${metadataPath} names files that are not there: ${missing.join(", ")}.`,
      hint: `Copy them into ${folder}, or publish the model again.`,
      details: { missing },
    });
  const manifestPath = join(folder, MANIFEST_FILE);
  if (expectedDigest === undefined && !(await isFile(manifestPath)))
    return { folder, metadata, manifest: null, manifestDigest: null };
  const bytes = await readDocument(manifestPath);
  if (expectedDigest !== undefined && sha256(bytes) !== expectedDigest)
    throw storeCorrupt(manifestPath, "it does not have the digest that its commit records for it");
  const manifest = parseManifest(bytes, manifestPath);
  await checkDigests(folder, manifest);
  return { folder, metadata, manifest, manifestDigest: sha256(bytes) };
}

/**
 * The files of a version folder as the parts of a configuration. Data sets that are no pair of arrays are left out: versions
 * of models that were trained by the tool keep rows instead.
 * @throws Failure `FILE_NOT_FOUND` when it names no model.
 */
export function partsOfFolder({ folder, metadata }: VersionFolder): ModelConfigFiles {
  const { model_filename: model, column_transformer_filename: transformer } = metadata;
  if (model === null)
    throw new Failure("FILE_NOT_FOUND", { message: `${folder} names no model file.`, hint: "See its metadata.json." });
  return {
    modelName: metadata.model_name,
    model: join(folder, model),
    modelClass: metadata.model_class,
    trainingSet: pairOf(folder, metadata.training_set_filenames),
    testSet: pairOf(folder, metadata.test_set_filenames),
    columnTransformer: transformer === null ? null : join(folder, transformer),
  };
}

function pairOf(folder: string, [features, labels, ...more]: readonly string[]): DataSetFiles | null {
  if (features === undefined || labels === undefined || more.length > 0) return null;
  return [features, labels].every((name) => /\.np[yz]$/.test(name))
    ? [join(folder, features), join(folder, labels)]
    : null;
}

/** Every file that the metadata name. */
export function fileNames(metadata: ClassicMetadata): readonly string[] {
  const { model_filename: model, column_transformer_filename: transformer } = metadata;
  const single = [model, transformer].filter((name) => name !== null);
  return [...single, ...metadata.training_set_filenames, ...metadata.test_set_filenames];
}

async function checkDigests(folder: string, { files }: Manifest): Promise<void> {
  for (const { path, sha256: expected } of files) {
    const file = await resolveRealInside(folder, path);
    const found = (await isFile(file)) ? await digestFile(file, new AbortController().signal) : null;
    if (found?.sha256 !== expected)
      throw storeCorrupt(join(folder, path), "it does not have the digest that the manifest records for it");
  }
}

async function readDocument(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    if (!hasSystemCode(cause, "ENOENT", "ENOTDIR", "EISDIR", "EACCES")) throw cause;
    throw new Failure("FILE_NOT_FOUND", {
      message: `${path} cannot be read.`,
      hint: `A version is a folder with ${METADATA_FILE}.`,
      cause,
    });
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() === true;
}
