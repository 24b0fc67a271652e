import { digestFile } from "../../files/digest-file.ts";
import { mapConcurrently } from "../../files/map-concurrently.ts";
import { sha256 } from "../../kernel/digest.ts";
import { Failure } from "../../kernel/failure.ts";
import { canonicalJson, type JsonValue } from "../../kernel/json.ts";
import type { ObjectBody } from "../../model/ports/object-store.ts";
import type { FileEntry } from "../../model/version/manifest.ts";
import { parseName } from "../../model/version/model-reference.ts";
import { findPathConflict, parseVersionPath } from "../formats/version-path.ts";
import { requireNotInterrupted } from "../interrupted.ts";
import { MANIFEST_FILE, METADATA_FILE } from "../keys.ts";
import type { PublishFile, PublishRequest } from "./publish-request.ts";

/** A file whose bytes are known: the body carries the digest, so that nothing else can be stored in its place. */
export interface PlannedFile {
  readonly entry: FileEntry;
  readonly body: ObjectBody;
}

/** What will be published, before the store is asked anything. */
export interface PublicationPlan {
  readonly request: PublishRequest;
  /** In order of their paths. */
  readonly files: readonly PlannedFile[];
  readonly contentDigest: string;
}

const CONCURRENT_FILES = 4;

/**
 * Checks a request and takes the digests of its files, once.
 * @throws Failure `NAME_INVALID`, `PATH_ESCAPES_ROOT`, `FILE_EXISTS`, `FILE_NOT_FOUND`, `INTERRUPTED`.
 */
export async function planPublication(request: PublishRequest): Promise<PublicationPlan> {
  parseName(request.model, "model");
  if (request.label !== null) parseName(request.label, "version");
  requirePaths(request.files);
  request.onProgress({
    step: "store.hashing",
    message: `Taking the digests of ${request.files.length} files.`,
    fields: { files: request.files.length },
  });
  const sorted = [...request.files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const files = await mapConcurrently(sorted, CONCURRENT_FILES, (file) => planFile(file, request.signal));
  const entries = files.map(({ entry }) => entry);
  return { request, files, contentDigest: digestContent(entries, request.content) };
}

function requirePaths(files: readonly PublishFile[]): void {
  const own = [MANIFEST_FILE, METADATA_FILE];
  for (const { path, target } of files) {
    parseVersionPath(path, "The publication");
    if (target !== null) parseVersionPath(target, "The publication");
  }
  const conflict = findPathConflict([...files.map(({ path }) => path), ...own]);
  if (conflict === null) return;
  throw new Failure("FILE_EXISTS", {
    message: `Two files of the publication would be stored as ${conflict}.`,
    hint: own.includes(conflict)
      ? `${own.join(" and ")} are written by the store: give the file another name.`
      : "Give one of them another name.",
    details: { path: conflict },
  });
}

async function planFile({ body, ...file }: PublishFile, signal: AbortSignal): Promise<PlannedFile> {
  requireNotInterrupted(signal);
  if (body instanceof Uint8Array) return { entry: { ...file, sizeBytes: body.length, sha256: sha256(body) }, body };
  const digest = await digestFile(body.file, signal).catch((error: unknown) => {
    requireNotInterrupted(signal);
    throw error;
  });
  // Other bytes than were recorded: the store refuses them when they are written.
  return { entry: { ...file, ...digest }, body: { file: body.file, sha256: body.sha256 ?? digest.sha256 } };
}

/** Equal for two publications of the same thing, whenever they were made. */
function digestContent(entries: readonly FileEntry[], content: JsonValue): string {
  const files = entries.map(({ role, target, path, only, sha256: digest }) => [
    role,
    target,
    path,
    only ?? null,
    digest,
  ]);
  return sha256(canonicalJson({ files, content }));
}
