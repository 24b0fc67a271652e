import type { OnLoadResult, Plugin } from "esbuild";

/** Packages whose only purpose is to load a compiled add-on that lies beside them. */
const LOADERS = /^(bindings|node-gyp-build|node-gyp-build-optional-packages|@mapbox\/node-pre-gyp)$/;

/**
 * Replaces compiled add-ons by a module that throws when it is loaded, and says why. A bundle is one portable file,
 * which an add-on (one file for each system and processor) cannot be part of. It is no error at once because many
 * packages only try an add-on and do without it; for those the code is that of a module that is not installed.
 */
export const nativeAddonsPlugin: Plugin = {
  name: "native-addons",
  setup(build) {
    for (const filter of [LOADERS, /\.node$/])
      build.onResolve({ filter }, ({ path, importer }) => ({
        path: packageOf(importer) ?? path,
        namespace: "native-addon",
      }));
    build.onLoad({ filter: /.*/, namespace: "native-addon" }, ({ path }) => absence(path));
    // A package whose entry is the add-on: one for each system and processor, of which one is installed.
    build.onLoad({ filter: /\.node$/ }, ({ path }) => absence(packageOf(path) ?? path));
  },
};

function absence(name: string): OnLoadResult {
  const message = `${name} has a compiled add-on, which cannot be part of a model's bundle. Use a package that is JavaScript or WebAssembly only.`;
  return {
    contents: `throw Object.assign(new Error(${JSON.stringify(message)}), { code: "MODULE_NOT_FOUND" });`,
    loader: "js",
  };
}

/** `/x/node_modules/@scope/name/lib/a.js` → `@scope/name`; null for the model's own files. */
function packageOf(path: string): string | null {
  return /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(path)?.[1] ?? null;
}
