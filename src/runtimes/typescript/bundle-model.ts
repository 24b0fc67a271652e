import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuildOptions, BuildResult, Message } from "esbuild";

import { sha256 } from "../../kernel/digest.ts";
import { Failure, messageOf } from "../../kernel/failure.ts";
import { isInside } from "../../files/resolve-inside.ts";
import type { JsonObject } from "../../kernel/json.ts";
import { formatBundleTrailer } from "./bundle-trailer.ts";
import { nativeAddonsPlugin } from "./native-addons-plugin.ts";
import { faultsOfCode, runBundler } from "./run-bundler.ts";

/** Where a bundle lies below its code root. Not `index.mjs`, which may be a model's own entry file. */
export const BUNDLE_PATH = "model_modules/index.bundle.mjs";
export const BUNDLE_MAP_PATH = `${BUNDLE_PATH}.map`;

const MAX_ERRORS = 20;

export interface BundleRequest {
  /** Absolute, without symbolic links. */
  readonly codeRoot: string;
  /** Path of the entry file below the code root. */
  readonly entry: string;
  /** Absolute `node_modules` folders that are searched last. */
  readonly packageFolders: readonly string[];
  readonly signal: AbortSignal;
}

export interface Bundle {
  /** JavaScript in one file, with trailer and the address of its source map. */
  readonly code: string;
  /** Source map (version 3) whose sources are relative to the bundle's place in the code root. */
  readonly map: JsonObject;
  readonly inputCount: number;
  /** What esbuild found odd, as `file:line:column: text`. */
  readonly warnings: readonly string[];
}

/**
 * Bundles a model's code and its packages into one module. Nothing of it is executed, nothing is written.
 * `import.meta.url`, `__dirname` and `__filename` are those of `model_modules/` in every module.
 * @throws Failure `BUNDLE_FAILED` with file, line, column and source line of every error; `INTERRUPTED`.
 */
export async function bundleModel(request: BundleRequest): Promise<Bundle> {
  const result = await build(request);
  const [code, map] = [outputText(result, ".mjs"), outputText(result, ".map")];
  const trailer = { format: 1, entry: request.entry, inputs: await digestInputs(request.codeRoot, result) } as const;
  return {
    code: `${code}${formatBundleTrailer(trailer)}//# sourceMappingURL=${BUNDLE_MAP_PATH.split("/").at(-1) ?? ""}\n`,
    map: withoutPackageTexts(JSON.parse(map) as SourceMap),
    inputCount: Object.keys(result.metafile?.inputs ?? {}).length,
    warnings: result.warnings.map((warning) => formatMessage(warning, request.codeRoot)),
  };
}

async function build(request: BundleRequest): Promise<BuildResult> {
  try {
    return await runBundler(buildOptions(request), request.signal);
  } catch (error) {
    if (request.signal.aborted)
      throw new Failure("INTERRUPTED", { message: "Bundling was interrupted.", cause: error });
    throw bundleFailure(error, request.codeRoot);
  }
}

function buildOptions({ codeRoot, entry, packageFolders }: BundleRequest): BuildOptions {
  return {
    absWorkingDir: codeRoot,
    entryPoints: [join(codeRoot, entry)],
    outfile: join(codeRoot, BUNDLE_PATH),
    write: false,
    bundle: true,
    metafile: true,
    platform: "node",
    format: "esm",
    target: "node20",
    charset: "utf8",
    sourcemap: "external",
    logLevel: "silent",
    // Named, so that esbuild does not fall back to NODE_PATH.
    nodePaths: [...packageFolders],
    plugins: [nativeAddonsPlugin],
    // An optional peer of this package with a compiled add-on: whoever uses it installs it where the model runs.
    external: ["@statsig/statsig-node-core"],
    // CommonJS packages expect these three. They are replaced only where a file does not declare them itself,
    // which a banner with the plain names would clash with; esbuild renames a declared `require`.
    define: { __dirname: "__modelwrightFolder", __filename: "__modelwrightFile" },
    banner: {
      js: [
        'import { createRequire as __modelwrightCreateRequire } from "node:module";',
        'import { fileURLToPath as __modelwrightFileUrlToPath } from "node:url";',
        "const require = __modelwrightCreateRequire(import.meta.url);",
        "const __modelwrightFile = __modelwrightFileUrlToPath(import.meta.url);",
        'const __modelwrightFolder = __modelwrightFileUrlToPath(new URL(".", import.meta.url)).slice(0, -1);',
      ].join(" "),
    },
  };
}

function outputText(result: BuildResult, ending: string): string {
  return result.outputFiles?.find((file) => file.path.endsWith(ending))?.text ?? "";
}

/** Digests of the model's own sources, by path below the code root. */
async function digestInputs(codeRoot: string, result: BuildResult): Promise<Record<string, string>> {
  const paths = Object.keys(result.metafile?.inputs ?? {}).filter(
    (path) =>
      isInside(codeRoot, join(codeRoot, path)) && !path.includes(":") && !path.split("/").includes("node_modules"),
  );
  const digests = paths.sort().map(async (path) => [path, sha256(await readFile(join(codeRoot, path)))] as const);
  return Object.fromEntries(await Promise.all(digests));
}

interface SourceMap extends JsonObject {
  readonly sources: readonly string[];
  readonly sourcesContent: readonly (string | null)[];
}

/** Tracebacks quote the user's lines only; the texts of packages would double the size of the whole. */
function withoutPackageTexts(map: SourceMap): SourceMap {
  const isPackage = (index: number): boolean => map.sources[index]?.split("/").includes("node_modules") ?? false;
  return { ...map, sourcesContent: map.sourcesContent.map((text, index) => (isPackage(index) ? null : text)) };
}

function bundleFailure(error: unknown, codeRoot: string): Failure {
  const messages = faultsOfCode(error);
  const [first] = messages;
  if (first === undefined)
    return new Failure("BUNDLE_FAILED", { message: `esbuild could not run: ${messageOf(error)}`, cause: error });
  const more = messages.length > 1 ? ` (and ${messages.length - 1} more errors)` : "";
  const line = first.location?.lineText.trim() ?? "";
  return new Failure("BUNDLE_FAILED", {
    message: `${formatMessage(first, codeRoot)}${line === "" ? "" : `\n    ${line}\n`}${more}`.trimEnd(),
    hint: hintOf(first),
    details: { errors: messages.slice(0, MAX_ERRORS).map(describeMessage) },
    cause: error,
  });
}

/** @param folder - absolute, that paths are relative to; an editor opens the whole path. */
function formatMessage({ text, location }: Message, folder: string): string {
  return location === null ? text : `${join(folder, location.file)}:${location.line}:${location.column + 1}: ${text}`;
}

function describeMessage({ text, location }: Message): JsonObject {
  return {
    text,
    file: location?.file ?? null,
    line: location?.line ?? null,
    // esbuild counts columns from 0, people and editors from 1.
    column: location === null ? null : location.column + 1,
    source: location?.lineText ?? null,
  };
}

function hintOf({ text }: Message): string {
  const [, name] = /^Could not resolve "([^"]*)"/.exec(text) ?? [];
  if (name === undefined) return "Mend the code at this place.";
  if (/^[./]/.test(name)) return "Mend the path: it begins at the file that imports, and ends like the file itself.";
  const [packageName] = /^(@[^/]+\/)?[^/]+/.exec(name) ?? [name];
  return `Install the package beside the definition or in the project: npm install ${packageName}`;
}
