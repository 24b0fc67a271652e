import { readFile, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

import { digestFolder } from "../../files/digest-folder.ts";
import { makeFolders } from "../../files/folders/make-folders.ts";
import { resolveInside } from "../../files/resolve-inside.ts";
import { writeFileAtomically } from "../../files/write-file-atomically.ts";
import { sha256 } from "../../kernel/digest.ts";
import { Failure, hasSystemCode } from "../../kernel/failure.ts";
import type { OnProgress } from "../../model/ports/progress.ts";
import type { CodeSource, StagedCode, StagedFile } from "../../model/ports/runtime.ts";
import { BUNDLE_MAP_PATH, BUNDLE_PATH, bundleModel, type Bundle } from "./bundle-model.ts";
import { readBundleTrailer } from "./bundle-trailer.ts";

/** Entry files in the order in which they are looked for. */
const ENTRIES = ["ts", "mts", "cts", "js", "mjs", "cjs"].map((extension) => `model_modules/index.${extension}`);
const SOURCE_FILE = /\.[cm]?[jt]sx?(\.map)?$/;
/** The map as it is published: without the path of this checkout. */
const PORTABLE_MAP = "portable.map";

export interface StageRequest {
  readonly code: CodeSource;
  readonly cacheFolder: string;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

/**
 * A bundle that lies ready (a published version has one) and belongs to the sources beside it is used as it is.
 * Otherwise the code is bundled anew every time, and put into a folder named by what came out: bundling takes less
 * time than proving that an older bundle is still that of these sources, packages and search paths.
 * @throws Failure `CODE_MISSING`, `BUNDLE_FAILED`, `STATE_UNWRITABLE`, `INTERRUPTED`.
 */
export async function stageTypescript(request: StageRequest): Promise<StagedCode> {
  return (await readyBundle(request.code)) ?? (await stageNewBundle(request));
}

async function readyBundle(code: CodeSource): Promise<StagedCode | null> {
  if (!code.codeFiles.includes(BUNDLE_PATH)) return null;
  const path = join(code.codeRoot, BUNDLE_PATH);
  const trailer = readBundleTrailer(await readFile(path, "utf8"));
  if (trailer === null || !(await areInputs(code.codeRoot, trailer.inputs))) return null;
  return { codeRoot: path, files: filesOf(code, code.codeFiles) };
}

/** True unless a source has changed since it was bundled. Sources that are not there cannot have. */
async function areInputs(codeRoot: string, inputs: Readonly<Record<string, string>>): Promise<boolean> {
  const checks = Object.entries(inputs).map(async ([path, digest]) => {
    const text = await readFile(resolveInside(codeRoot, path)).catch((error: unknown) => {
      if (hasSystemCode(error, "ENOENT", "ENOTDIR")) return null;
      throw error;
    });
    return text === null || sha256(text) === digest;
  });
  return (await Promise.all(checks)).every(Boolean);
}

async function stageNewBundle({ code, cacheFolder, onProgress, signal }: StageRequest): Promise<StagedCode> {
  refuseInterrupted(signal);
  const startedAt = performance.now();
  // The map's paths are relative between real paths; through a link they would lead elsewhere.
  const codeRoot = await realpath(code.codeRoot);
  const entry = entryOf(code);
  const bundle = await bundleModel({ codeRoot, entry, packageFolders: packageFolders(code), signal });
  refuseInterrupted(signal);
  for (const warning of bundle.warnings) onProgress({ step: "bundle.warning", message: warning });
  const folder = await placeBundle({ bundle, code: { ...code, codeRoot }, cacheFolder });
  const ms = Math.round(performance.now() - startedAt);
  onProgress({ step: "bundle.ready", message: `Bundled ${entry} from ${bundle.inputCount} files in ${ms} ms.` });
  const kept = code.codeFiles.filter((path) => path !== BUNDLE_PATH && path !== BUNDLE_MAP_PATH);
  return {
    codeRoot: join(folder, BUNDLE_PATH),
    files: [
      { source: join(folder, BUNDLE_PATH), path: BUNDLE_PATH },
      { source: join(folder, PORTABLE_MAP), path: BUNDLE_MAP_PATH },
      ...filesOf(code, kept),
    ],
  };
}

interface Placement {
  readonly bundle: Bundle;
  readonly code: CodeSource;
  readonly cacheFolder: string;
}

/**
 * Writes what is not there yet. The folder's name is the digest of all that goes into it, so two builders at once
 * write the same bytes, and a folder that was half deleted is made whole.
 */
async function placeBundle({ bundle, code, cacheFolder }: Placement): Promise<string> {
  // Tracebacks are to name the files that the user edits, not places in the cache.
  const sourceRoot = `${pathToFileURL(join(code.codeRoot, "model_modules")).href}/`;
  const map = JSON.stringify({ ...bundle.map, sourceRoot });
  // Code finds its data through import.meta.url, which is that of the bundle.
  const assets = code.codeFiles.filter((path) => !SOURCE_FILE.test(path));
  const digest = sha256([bundle.code, map, await digestFolder(code.codeRoot, assets)].map(sha256).join());
  const folder = join(cacheFolder, "typescript", digest);
  await writeIfAbsent(join(folder, PORTABLE_MAP), JSON.stringify(bundle.map));
  await writeIfAbsent(join(folder, BUNDLE_MAP_PATH), map);
  for (const path of assets) await writeIfAbsent(join(folder, path), await readFile(join(code.codeRoot, path)));
  await writeIfAbsent(join(folder, BUNDLE_PATH), bundle.code);
  return folder;
}

async function writeIfAbsent(path: string, data: string | Uint8Array): Promise<void> {
  const present = await readFile(path).catch(() => null);
  if (present?.equals(Buffer.from(data)) === true) return;
  await makeFolders(dirname(path));
  await writeFileAtomically(path, data);
}

function entryOf(code: CodeSource): string {
  const entry = ENTRIES.find((path) => code.codeFiles.includes(path));
  if (entry !== undefined) return entry;
  throw new Failure("CODE_MISSING", {
    message: `${code.codeRoot} has no entry file.`,
    hint: "Create model_modules/index.ts that exports train, evaluate and class ModelScorer.",
    details: { codeRoot: code.codeRoot, lookedFor: ENTRIES },
  });
}

/** Packages beside the definition are found by walking up from the importing file; these are searched after that. */
function packageFolders(code: CodeSource): string[] {
  return [code.definitionFolder, code.projectRoot].map((folder) => join(folder, "node_modules"));
}

function filesOf(code: CodeSource, paths: readonly string[]): readonly StagedFile[] {
  return paths.map((path) => ({ source: join(code.codeRoot, path), path }));
}

function refuseInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw new Failure("INTERRUPTED", { message: "Bundling was interrupted." });
}
